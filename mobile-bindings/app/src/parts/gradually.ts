// Long lists: what a thumb sees first is painted first.
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';

/** Rows that fill a screen. */
const STEP = 8;

/** How many of `all` rows to draw: a screen of them at once, the others with the frames that follow. */
export function gradually(all: () => number): Ref<number> {
  // A list that is returned to must be as long as it was, so that its scroll position exists.
  const returned = Boolean((history.state as { scroll?: unknown } | null)?.scroll);
  const drawn = ref(returned ? Infinity : STEP);
  let frame = 0;
  let turn = 0;
  const more = () => {
    turn = window.setTimeout(() => {
      frame = 0;
      drawn.value += STEP;
      go();
    });
  };
  const go = () => {
    if (!frame && drawn.value < all()) frame = requestAnimationFrame(more);
  };
  onMounted(go);
  watch(all, go);
  onBeforeUnmount(() => (cancelAnimationFrame(frame), clearTimeout(turn)));
  return drawn;
}
