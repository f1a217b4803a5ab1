"""A TCP line between clients and a broker that can be made slow, narrow, lumpy or dead while connections are on it.

The broker tells clients another loopback address than the one it listens at; the line listens there and passes everything on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from typing import Awaitable

FAR_HOST = "127.0.0.2"
SETTINGS = (f"brokerIP1={FAR_HOST}",)
_CHUNK = 64 << 10
_CHUNKS_ON_THE_WAY = 1024
_START_PATIENCE_S = 10
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class _Pair:
    """The two connections of one client."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.writers = (near, far)
        self.dead = False


class Line:
    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="line")
        self._pairs: set[_Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.delay_s = 0.0  # each way
        self.segment = 0  # bytes in a segment; 0: as they come
        self.bytes_per_s = 0.0  # each way and connection; 0: no limit
        self._dead = False

    def __enter__(self) -> Line:
        self._thread.start()

        async def start() -> None:
            self._server = await asyncio.start_server(self._accept, FAR_HOST, self._port)
        try:
            self._run(start())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        async def stop() -> None:
            if self._server:
                self._server.close()
            for pair in list(self._pairs):
                for writer in pair.writers:
                    writer.transport.abort()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._run(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def reset(self) -> int:
        """Breaks every connection with an RST; returns how many clients had one."""
        async def run() -> int:
            pairs = list(self._pairs)
            for pair in pairs:
                for writer in pair.writers:
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                    writer.transport.abort()
            return len(pairs)
        return self._run(run())

    def die(self) -> None:
        """Swallows every byte of the connections there are, for good, and of new ones until heal(); none is closed."""
        async def run() -> None:
            self._dead = True
            for pair in self._pairs:
                pair.dead = True
        self._run(run())

    def heal(self) -> None:
        """New connections work again; those that died do not."""
        self._dead = False

    def _run(self, what: Awaitable[int | None]) -> int:
        async def run() -> int | None:
            return await what
        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(_START_PATIENCE_S) or 0

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        pair = _Pair(writer, far_writer)
        pair.dead = self._dead
        self._pairs.add(pair)
        ways = [self._keep(self._way(pair, reader, far_writer)), self._keep(self._way(pair, far_reader, writer))]
        await asyncio.gather(*ways, return_exceptions=True)
        self._pairs.discard(pair)
        for each in pair.writers:
            each.transport.abort()

    def _keep(self, what: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _way(self, pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction: what is read is due after the delay, and written in segments."""
        chunks: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_CHUNKS_ON_THE_WAY)
        writing = self._keep(self._write(pair, chunks, writer))
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await chunks.put((self._loop.time() + self.delay_s, data))
        await chunks.put((0, b""))
        await writing

    async def _write(self, pair: _Pair, chunks: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due, data = await chunks.get()
            if pair.dead:
                if not data:
                    return
                continue
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            if not data:
                writer.close()
                return
            try:
                await self._write_segments(data, writer)
            except OSError:
                return

    async def _write_segments(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        size = self.segment or (1024 if self.bytes_per_s else len(data))
        for begin in range(0, len(data), size):
            segment = data[begin:begin + size]
            writer.write(segment)
            await writer.drain()
            if self.bytes_per_s:
                await asyncio.sleep(len(segment) / self.bytes_per_s)
