"""Just enough of RocketMQ's remoting protocol to ask a server whether it is ready and to create a topic.

A frame is: int32 length of the rest, int32 with the header's encoding in the top byte (0 = JSON) and its length in the
other three, the header, the body. Integers are big-endian.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import socket
import ssl
import struct
from typing import Any, NamedTuple, Optional

GET_MAX_OFFSET = 30
UPDATE_AND_CREATE_TOPIC = 17
GET_BROKER_CONFIG = 26
GET_ROUTEINFO_BY_TOPIC = 105
GET_BROKER_CLUSTER_INFO = 106

SUCCESS = 0
TOPIC_NOT_EXIST = 17

_MAX_FRAME_BYTES = 16 << 20
_CLIENT_VERSION = 433  # MQVersion.V5_1_0: a version that every supported broker answers
_opaque = itertools.count(1)


class Credentials(NamedTuple):
    access_key: str
    secret_key: str


class Reply(NamedTuple):
    code: int
    remark: str
    fields: dict[str, str]
    body: bytes


class Unreachable(Exception):
    """The server could not be reached, or did not answer in time, or answered nonsense."""


def call(port: int, code: int, fields: Optional[dict[str, str]] = None, credentials: Optional[Credentials] = None,
         timeout_s: float = 3.0, tls: Optional[ssl.SSLContext] = None) -> Reply:
    """Sends one request to a server of this machine and waits for the answer; over TLS where `tls` is given."""
    fields = dict(fields or {})
    if credentials is not None:
        fields["AccessKey"] = credentials.access_key
        content = "".join(fields[key] for key in sorted(fields))
        digest = hmac.new(credentials.secret_key.encode(), content.encode(), hashlib.sha1).digest()
        fields["Signature"] = base64.b64encode(digest).decode("ascii")
    opaque = next(_opaque)
    header = json.dumps({"code": code, "language": "OTHER", "version": _CLIENT_VERSION, "opaque": opaque, "flag": 0,
                         "serializeTypeCurrentRPC": "JSON", "extFields": fields}).encode()
    try:
        with _connect(port, timeout_s, tls) as connection:
            connection.sendall(struct.pack(">ii", 4 + len(header), len(header)) + header)
            (length,) = struct.unpack(">i", _read(connection, 4))
            if not 4 <= length <= _MAX_FRAME_BYTES:
                raise Unreachable(f"127.0.0.1:{port} answered a frame of {length} bytes")
            return _decode(_read(connection, length), port)
    except OSError as error:
        raise Unreachable(f"127.0.0.1:{port}: {error}") from error


def lenient_json(text: bytes) -> Any:
    """Reads JSON as fastjson writes it: the numeric keys of a map have no quotes."""
    def quote(match: re.Match[str]) -> str:
        return match.group(0) if match.group(2) is None else f'{match.group(1)}"{match.group(2)}":'
    return json.loads(re.sub(r'"(?:[^"\\]|\\.)*"|([{,]\s*)(-?\d+)\s*:', quote, text.decode("utf-8")))


def _connect(port: int, timeout_s: float, tls: Optional[ssl.SSLContext]) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
    if tls is None:
        return plain
    with plain:  # wrapping takes the socket over, and a failure leaves it to us
        return tls.wrap_socket(plain, server_hostname="127.0.0.1")


def _read(connection: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise Unreachable("the server closed the connection")
        data += piece
    return bytes(data)


def _decode(frame: bytes, port: int) -> Reply:
    (mark,) = struct.unpack_from(">i", frame)
    header_length = mark & 0xFFFFFF
    if mark >> 24 != 0 or 4 + header_length > len(frame):
        raise Unreachable(f"127.0.0.1:{port} answered with a header that is not JSON")
    try:
        header = json.loads(frame[4:4 + header_length])
    except ValueError as error:
        raise Unreachable(f"127.0.0.1:{port} answered with a broken header: {error}") from error
    return Reply(int(header.get("code", -1)), header.get("remark") or "", header.get("extFields") or {},
                 frame[4 + header_length:])
