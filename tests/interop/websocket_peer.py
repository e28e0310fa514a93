"""A WebSocket client or server that sends each message back, on a library for Python.

    websocket_peer.py serve|connect websockets|aiohttp [--url URL] [--compress] [--fragments] [--ca FILE] [--pair FILE]

A server writes its port as a line, then both go on until the connection has ended, and write a line of JSON with the
code and the reason that they saw. With --pair, a certificate and its key, a server speaks TLS; a client trusts --ca. After the text "bye" they close with 4321. Messages have no limit of length here.
"""

import argparse
import asyncio
import json
import ssl

BYE = "bye"
CODE = 4321
REASON = "as asked"
# With --fragments, messages go in pieces of this many bytes or letters.
PIECE = 50_000


def tell(what):
    print(what, flush=True)


def pieces(message):
    return [message[at : at + PIECE] for at in range(0, len(message), PIECE)] or [message]


def tls_of(ask):
    if ask.pair:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ask.pair)
        return context
    if ask.role == "connect" and ask.url.startswith("wss:"):
        return ssl.create_default_context(cafile=ask.ca)
    return None


async def echo_websockets(link, fragments):
    async for message in link:
        if message == BYE:
            await link.close(CODE, REASON)
            break
        await link.send(pieces(message) if fragments else message)
    await link.wait_closed()
    tell(json.dumps({"code": link.close_code, "reason": link.close_reason}))


async def on_websockets(ask):
    import websockets

    options = {"max_size": None, "compression": "deflate" if ask.compress else None, "ssl": tls_of(ask)}
    if ask.role == "connect":
        async with websockets.connect(ask.url, **options) as link:
            await echo_websockets(link, ask.fragments)
        return
    ended = asyncio.Event()

    async def serve(link):
        await echo_websockets(link, ask.fragments)
        ended.set()

    async with websockets.serve(serve, "127.0.0.1", 0, **options) as server:
        tell(server.sockets[0].getsockname()[1])
        await ended.wait()


async def echo_aiohttp(link):
    import aiohttp

    async for message in link:
        if message.type == aiohttp.WSMsgType.TEXT and message.data == BYE:
            await link.close(code=CODE, message=REASON.encode())
        elif message.type == aiohttp.WSMsgType.TEXT:
            await link.send_str(message.data)
        elif message.type == aiohttp.WSMsgType.BINARY:
            await link.send_bytes(message.data)
    tell(json.dumps({"code": link.close_code, "reason": ""}))


async def on_aiohttp(ask):
    import aiohttp
    from aiohttp import web

    if ask.role == "connect":
        async with aiohttp.ClientSession() as session:
            compress = 15 if ask.compress else 0
            async with session.ws_connect(ask.url, max_msg_size=0, compress=compress, ssl=tls_of(ask)) as link:
                await echo_aiohttp(link)
        return
    ended = asyncio.Event()

    async def serve(request):
        link = web.WebSocketResponse(max_msg_size=0, compress=ask.compress)
        await link.prepare(request)
        await echo_aiohttp(link)
        ended.set()
        return link

    app = web.Application()
    app.router.add_get("/", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls_of(ask)).start()
    tell(runner.addresses[0][1])
    await ended.wait()
    await runner.cleanup()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["serve", "connect"])
    parser.add_argument("library", choices=["websockets", "aiohttp"])
    parser.add_argument("--url")
    parser.add_argument("--ca")
    parser.add_argument("--pair")
    parser.add_argument("--compress", action="store_true")
    parser.add_argument("--fragments", action="store_true")
    ask = parser.parse_args()
    asyncio.run(on_websockets(ask) if ask.library == "websockets" else on_aiohttp(ask))


main()
