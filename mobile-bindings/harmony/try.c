/* The library called through its C functions alone, as a Node-API module of HarmonyOS would. Words: a folder for
 * a device, a file with a question and its answer on each line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ZhichaFFI.h"

enum { REFUSED = 1, LOCKED, BAD_ID, DISK_FULL, NETWORK_LOST, SIGN_IN_NEEDED };

static int failed;

static void expect(int holds, const char *what) {
  printf("%s %s\n", holds ? "ok  " : "FAIL", what);
  failed += !holds;
}

static RustBuffer from_bytes(const void *bytes, size_t len) {
  RustCallStatus status = {0};
  return ffi_zhicha_ffi_rustbuffer_from_bytes((ForeignBytes){(int32_t)len, bytes}, &status);
}

static RustBuffer text(const char *words) { return from_bytes(words, strlen(words)); }

static void done_with(RustBuffer buffer) {
  RustCallStatus status = {0};
  ffi_zhicha_ffi_rustbuffer_free(buffer, &status);
}

static uint32_t number_at(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* An error is its kind, then the record of its reason, which begins with the stable code. */
static void expect_error(RustCallStatus status, uint32_t kind, const char *code, const char *what) {
  RustBuffer it = status.errorBuf;
  size_t len = strlen(code);
  expect(status.code == 1 && it.len >= 8 + len && number_at(it.data) == kind && number_at(it.data + 4) == len &&
             memcmp(it.data + 8, code, len) == 0,
         what);
  done_with(it);
}

static void unneeded(uint64_t handle) { (void)handle; }
static uint64_t same(uint64_t handle) { return handle; }

/* A transport without a network: the first kind of its error, and a detail. */
static void no_answer(uint64_t handle, RustBuffer call, RustBuffer *answer, RustCallStatus *status) {
  static const uint8_t lost[] = {0, 0, 0, 1, 0, 0, 0, 9, 'n', 'o', ' ', 's', 'i', 'g', 'n', 'a', 'l'};
  (void)handle, (void)answer;
  done_with(call);
  status->code = 1;
  status->errorBuf = from_bytes(lost, sizeof lost);
}

static const UniffiVTableCallbackInterfaceTransport TRANSPORT = {unneeded, same, no_answer};

static uint64_t again(uint64_t device) {
  RustCallStatus status = {0};
  return uniffi_zhicha_ffi_fn_clone_device(device, &status);
}

static void device_in(const char *folder) {
  char key[4096];
  snprintf(key, sizeof key, "%s/key", folder);
  RustCallStatus status = {0};
  uniffi_zhicha_ffi_fn_init_callback_vtable_transport(&TRANSPORT);
  uint64_t vault = uniffi_zhicha_ffi_fn_func_key_file(text(key), &status);
  expect(status.code == 0, "a key is made");
  uint64_t clock = uniffi_zhicha_ffi_fn_func_process_clock(&status);
  /* Handles of this side are odd. */
  uint64_t device = uniffi_zhicha_ffi_fn_constructor_device_open(text(folder), vault, clock, 1, &status);
  expect(status.code == 0, "a device is opened, its store is made");
  if (status.code != 0) return;

  expect(uniffi_zhicha_ffi_fn_method_device_now(again(device), &status) > 1700000000000, "it tells the time");
  uniffi_zhicha_ffi_fn_method_device_person(again(device), &status);
  expect_error(status, SIGN_IN_NEEDED, "not_signed_in", "nobody is signed in: typed");
  status = (RustCallStatus){0};
  uniffi_zhicha_ffi_fn_method_device_inspection(again(device), text("nonsense"), &status);
  expect_error(status, BAD_ID, "id_malformed", "a text that is no id: typed");
  status = (RustCallStatus){0};
  uniffi_zhicha_ffi_fn_method_device_sign_in(again(device), text("xulang"), text("secret"), &status);
  expect_error(status, NETWORK_LOST, "network_lost", "a lost network, told by a transport in C: typed");
  status = (RustCallStatus){0};
  uniffi_zhicha_ffi_fn_free_device(device, &status);
  expect(status.code == 0, "the device is closed");
}

static void vectors_of(const char *path) {
  RustCallStatus status = {0};
  uint64_t book = uniffi_zhicha_ffi_fn_constructor_rulebook_read(text("{}"), &status);
  FILE *file = fopen(path, "r");
  char line[4096];
  int rows = 0, wrong = 0;
  while (file && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    char *expected = strchr(line, '\t');
    if (!expected) break;
    *expected++ = 0;
    RustCallStatus asked = {0};
    uint64_t held = uniffi_zhicha_ffi_fn_clone_rulebook(book, &asked);
    RustBuffer answer = uniffi_zhicha_ffi_fn_method_rulebook_ask(held, text(line), &asked);
    wrong += asked.code != 0 || answer.len != strlen(expected) || memcmp(answer.data, expected, answer.len) != 0;
    rows += 1;
    done_with(answer);
  }
  printf("     %d vectors, %d wrong\n", rows, wrong);
  expect(rows > 100 && wrong == 0, "the vectors are answered as in every other language");
}

int main(int count, char **words) {
  if (count != 3) return 2;
  expect(ffi_zhicha_ffi_uniffi_contract_version() > 0, "the library is loaded");
  device_in(words[1]);
  vectors_of(words[2]);
  return failed != 0;
}
