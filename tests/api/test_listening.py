from __future__ import annotations

import asyncio
import socket

import pytest

from api.commands.serve import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_small_packets_are_sent_at_once(host: str) -> None:
    """Otherwise the second part of an answer waits until the client has confirmed the first: 40 ms on Linux."""

    async def accepted() -> int:
        listener = listen(host, 0)
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            ours: socket.socket = writer.get_extra_info("socket")
            found.set_result(ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(look, sock=listener):
            _, writer = await asyncio.open_connection(host, listener.getsockname()[1])
            try:
                return await found
            finally:
                writer.close()

    if host == "::1" and not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    assert asyncio.run(accepted()) == 1
