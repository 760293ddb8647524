"""Requests over the standard library, with the system's certificates and proxies."""

import http.client
import ssl
import threading
import urllib.parse

from .core.zhicha_ffi import HttpAnswer, HttpCall, NetworkLost, Transport


class HttpTransport(Transport):
    """Carries requests to a server's address. One connection per thread is kept open."""

    def __init__(self, server: str, timeout: float = 30.0) -> None:
        parts = urllib.parse.urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an address of a server: {server!r}")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._below = parts.path.rstrip("/")
        self._timeout = timeout
        self._kept = threading.local()

    def send(self, call: HttpCall) -> HttpAnswer:
        headers = {field.name: field.value for field in call.headers}
        try:
            connection = self._connection()
            connection.request(call.method, self._below + call.path, call.body, headers)
            answer = connection.getresponse()
            return HttpAnswer(status=answer.status, body=answer.read())
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            raise NetworkLost.NoAnswer(detail=str(error) or type(error).__name__) from error

    def close(self) -> None:
        """Closes the connection of this thread; the next request opens another."""
        self._drop()

    def __del__(self) -> None:
        self._drop()

    def _connection(self) -> http.client.HTTPConnection:
        kept = getattr(self._kept, "connection", None)
        if kept is None:
            if self._secure:
                context = ssl.create_default_context()
                kept = http.client.HTTPSConnection(
                    self._host, self._port, timeout=self._timeout, context=context
                )
            else:
                kept = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            self._kept.connection = kept
        return kept

    def _drop(self) -> None:
        kept = getattr(getattr(self, "_kept", None), "connection", None)
        if kept is None:
            return
        self._kept.connection = None
        kept.close()
