"""A peer on Python's own sockets, under remote control.

Reads one JSON object a line, does what `do` says, answers with one JSON line:
what there is to tell, or {"error": class, "errno": name}. `at` chooses one of
the connections, which are numbered from 0 in the order in which they came.
An address is [host, port] or the path of a Unix-domain socket.
"""

import base64
import errno
import hashlib
import json
import os
import select
import socket
import struct
import sys

listener = None
links = []


def family(to):
    if isinstance(to, str):
        return socket.AF_UNIX
    return socket.AF_INET6 if ":" in to[0] else socket.AF_INET


def address(to):
    return to if isinstance(to, str) else tuple(to)


def plain(name):
    """An address as it is written in JSON: IPv6 ones have four parts here."""
    return name if isinstance(name, str) else list(name[:2])


def bind(ask):
    """Takes the address; without listening, connections to it are refused."""
    global listener
    listener = socket.socket(family(ask["to"]))
    if "receiveBuffer" in ask:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ask["receiveBuffer"])
    listener.bind(address(ask["to"]))
    return {"to": plain(listener.getsockname())}


def listen(ask):
    bound = bind(ask)
    listener.listen()
    return bound


def unlisten(ask):
    listener.close()
    return {}


def accept(ask):
    link, came_from = listener.accept()
    links.append(link)
    return {"from": plain(came_from)}


def connect(ask):
    for _ in range(ask.get("count", 1)):
        link = socket.socket(family(ask["to"]))
        if "receiveBuffer" in ask:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ask["receiveBuffer"])
        link.connect(address(ask["to"]))
        links.append(link)
    return {"names": [plain(link.getsockname()) for link in links]}


def send(ask):
    data = base64.b64decode(ask["data"])
    links[ask["at"]].sendall(data)
    return {}


def receive(ask):
    """Exactly `count` bytes."""
    data = bytearray()
    while len(data) < ask["count"]:
        piece = links[ask["at"]].recv(min(65536, ask["count"] - len(data)))
        if not piece:
            break
        data += piece
    return {"data": base64.b64encode(data).decode()}


def receive_end(ask):
    """Everything up to the FIN of the other side."""
    digest = hashlib.sha256()
    count = 0
    while piece := links[ask["at"]].recv(65536):
        digest.update(piece)
        count += len(piece)
    return {"count": count, "sha256": digest.hexdigest()}


def fill(ask):
    """Zero bytes, up to `most`, until the system takes no more for a while."""
    link = links[ask["at"]]
    link.setblocking(False)
    chunk = bytes(65536)
    sent = 0
    while sent < ask["most"]:
        _, writable, _ = select.select([], [link], [], 0.5)
        if not writable:
            break
        sent += link.send(chunk[: ask["most"] - sent])
    link.setblocking(True)
    return {"sent": sent}


def zeros(ask):
    """So many zero bytes, however long it takes."""
    left = ask["count"]
    while left > 0:
        piece = min(left, 65536)
        links[ask["at"]].sendall(bytes(piece))
        left -= piece
    return {}


def exchange(ask):
    """Each connection sends its own number; then each receives one line."""
    for number, link in enumerate(links):
        link.sendall(f"{number}\n".encode())
    lines = []
    for link in links:
        with link.makefile("rb") as stream:
            lines.append(stream.readline().decode())
    return {"lines": lines}


def shutdown(ask):
    links[ask["at"]].shutdown(socket.SHUT_WR)
    return {}


def close(ask):
    links[ask["at"]].close()
    return {}


def reset(ask):
    """Closes with RST: nothing may linger (socket(7), SO_LINGER)."""
    link = links[ask["at"]]
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()
    return {}


COMMANDS = {
    "bind": bind,
    "listen": listen,
    "unlisten": unlisten,
    "accept": accept,
    "connect": connect,
    "send": send,
    "receive": receive,
    "receiveEnd": receive_end,
    "fill": fill,
    "zeros": zeros,
    "exchange": exchange,
    "shutdown": shutdown,
    "close": close,
    "reset": reset,
}

for line in sys.stdin:
    asked = {"at": 0, **json.loads(line)}
    try:
        answer = COMMANDS[asked["do"]](asked)
    except OSError as problem:
        name = errno.errorcode.get(problem.errno, os.strerror(problem.errno or 0))
        answer = {"error": type(problem).__name__, "errno": name}
    print(json.dumps(answer), flush=True)
