"""A wire between two programs that tests can cut and mend; with several ends, each new connection takes the next."""

import itertools
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Self


class Wire:
    """Listens on a port of its own and passes bytes on."""

    def __init__(self, *ports: int) -> None:
        self.ends = itertools.cycle(ports)
        self.whole = True
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut(self) -> None:
        """Break every connection, and let nobody through."""
        self.whole = False
        for each in tuple(self._open):
            _break(each)

    def mend(self) -> None:
        """Let people through again."""
        self.whole = True

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = self._reached(near)
            if far is None:
                near.close()
                continue
            self._open |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _reached(self, _near: socket.socket) -> socket.socket | None:
        if not self.whole:
            return None
        try:
            return socket.create_connection(("127.0.0.1", next(self.ends)))
        except OSError:
            return None

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while content := source.recv(65536):
                target.sendall(content)
        except OSError:
            pass
        self._drop((source, target))

    def _drop(self, both: Sequence[socket.socket]) -> None:
        for each in both:
            _break(each)
            self._open.discard(each)


def _break(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
