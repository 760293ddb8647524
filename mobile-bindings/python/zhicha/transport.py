"""Requests over the standard library, with the system's certificates and proxies."""

from __future__ import annotations

import http.client
import queue
import ssl
import threading
import typing
import urllib.parse

from .core.zhicha_ffi import HttpAnswer, HttpCall

# How long a stop may go unseen.
LOOK_SECONDS = 0.05


class Transport(typing.Protocol):
    """Sends requests; an ``OSError`` says that no answer came. Every other exception is the program's own."""

    def send(self, call: HttpCall) -> HttpAnswer:
        """Sends a request and gives the answer, whatever its status."""
        ...


class HttpTransport:
    """Sends requests to a server's address. One connection per thread is kept open."""

    def __init__(self, server: str, timeout: float = 30.0) -> None:
        parts = urllib.parse.urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an address of a server: {server!r}")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._below = parts.path.rstrip("/")
        self._timeout = timeout
        self._connections = threading.local()

    def send(self, call: HttpCall) -> HttpAnswer:
        headers = {field.name: field.value for field in call.headers}
        try:
            connection = self._connection()
            connection.request(call.method, self._below + call.path, call.body, headers)
            answer = connection.getresponse()
            return HttpAnswer(status=answer.status, body=answer.read())
        except http.client.HTTPException as error:
            self._drop()
            raise ConnectionError(f"{type(error).__name__}: {error}") from error
        except BaseException:
            # Stopped in between as well: a connection with half of an answer in it is of no more use.
            self._drop()
            raise

    def close(self) -> None:
        """Closes the connection of this thread; the next request opens another."""
        self._drop()

    def __del__(self) -> None:
        self._drop()

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._connections, "connection", None)
        if connection is None:
            if self._secure:
                context = ssl.create_default_context()
                connection = http.client.HTTPSConnection(
                    self._host, self._port, timeout=self._timeout, context=context
                )
            else:
                connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            self._connections.connection = connection
        return connection

    def _drop(self) -> None:
        connection = getattr(getattr(self, "_connections", None), "connection", None)
        if connection is None:
            return
        self._connections.connection = None
        connection.close()


class Stoppable:
    """Sends over another transport on a thread of its own, so that an event ends the wait for an answer."""

    def __init__(self, transport: Transport, stop: threading.Event) -> None:
        self._transport, self._stop = transport, stop
        self._calls: queue.SimpleQueue[HttpCall | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[HttpAnswer | BaseException] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def send(self, call: HttpCall) -> HttpAnswer | None:
        """The answer, or none when the wait was ended."""
        self._calls.put(call)
        while not self._stop.is_set():
            try:
                answer = self._answers.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
            if isinstance(answer, BaseException):
                raise answer
            return answer
        return None

    def close(self) -> None:
        """Lets the thread end after the request under way."""
        self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._answers.put(self._transport.send(call))
            except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
                self._answers.put(error)
