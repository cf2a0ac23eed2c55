"""Messages out of bytes and back, digest by the examples of its RFCs, and documents by theirs."""

import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall_adapters.sip_dialog import SipSettings, digest
from ccwall_adapters.sip_dialog.documents import (
    Dialog,
    DialogInfo,
    Presence,
    dialog_info,
    presence,
    write_dialog_info,
)
from ccwall_adapters.sip_dialog.message import (
    Stream,
    address,
    answer,
    clean,
    parse,
    parse_head,
    request,
    split,
)
from ccwall_adapters.sip_dialog.uri import watched

TOKEN = st.text(string.ascii_letters + string.digits + "-.!%*_+`'~", min_size=1, max_size=20)
VALUE = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(str.strip)
MESSAGES = st.lists(
    st.tuples(TOKEN, st.lists(st.tuples(TOKEN, VALUE), max_size=8), st.binary(max_size=200)),
    min_size=1,
    max_size=4,
)
TAKEN = {"content-length", "l"}


@given(MESSAGES, st.lists(st.integers(1, 50), min_size=1))
def test_a_stream_cut_anywhere_gives_the_messages_that_were_written(
    messages: list[tuple[str, list[tuple[str, str]], bytes]], cuts: list[int]
) -> None:
    written = b"\r\n\r\n".join(
        request(method, "sip:a@b", [h for h in headers if h[0].lower() not in TAKEN], body)
        for method, headers, body in messages
    )
    stream, found, at = Stream(), [], 0
    while at < len(written):
        size = cuts[at % len(cuts)]
        found += stream.feed(written[at : at + size])
        at += size
    assert [(parse_head(head, body).method, body) for head, body in found] == [
        (method, body) for method, _, body in messages
    ]
    for (head, body), (_, headers, _) in zip(found, messages, strict=True):
        told = parse_head(head, body).headers
        for name, value in headers:
            if name.lower() not in TAKEN and len(name) > 1:
                assert value in told[name.lower()]


@given(st.binary(max_size=400))
def test_any_datagram_is_a_message_or_a_value_error(wire: bytes) -> None:
    for whole in (wire, b"NOTIFY sip:a SIP/2.0\r\n" + wire, b"SIP/2.0 200 OK\r\n" + wire):
        try:
            message = parse(whole)
        except ValueError:
            continue
        answer(message, 200, "OK", tag="t").decode("utf-8", "surrogateescape")
        clean(message.reason).encode()


@given(st.text(max_size=80))
def test_parts_of_headers_never_raise(text: str) -> None:
    assert isinstance(address(text), tuple)
    assert all(split(text, ","))
    digest.fields(f"Digest {text}")


def test_bytes_that_are_no_text_go_back_as_they_came() -> None:
    wire = b'OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf: "\xff\xfe" <sip:a>;tag=1\r\nt: <sip:b>\r\ni: 1\r\nCSeq: 1 OPTIONS\r\n\r\n'
    assert b'From: "\xff\xfe" <sip:a>;tag=1\r\n' in answer(parse(wire), 200, "OK", tag="x")
    assert "\udcff" not in clean(parse(wire).get("from"))


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"\r\n\r\n",
        b"NOTIFY sip:a\r\n\r\n",
        b"SIP/2.0 99 X\r\n\r\n",
        b"NOTIFY sip:a SIP/2.0\r\nno header\r\n\r\n",
        b"NOTIFY sip:a SIP/2.0\r\nA: b\nVia: c\r\n\r\n",
        b"NOTIFY sip:a SIP/2.0\r\nA: b\rVia: c\r\n\r\n",
        b"NOTIFY sip:a SIP/2.0\r\nA: \0\r\n\r\n",
        b"NOTIFY sip:a SIP/2.0\r\nContent-Length: 9\r\n\r\nshort",
        b"NOTIFY sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n",
        b"NOTIFY sip:a SIP/2.0\r\n" + b"A: b\r\n" * 300 + b"\r\n",
        b"NOTIFY sip:a SIP/2.0\r\nA: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_message_is_refused(wire: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it"):
        parse(wire)


def test_folded_lines_and_short_names_are_read() -> None:
    message = parse(b"NOTIFY sip:a SIP/2.0\r\no: dialog\r\ns:  one\r\n  two\r\n\tthree\r\nL: 2\r\n\r\nabc")
    assert (message.get("event"), message.get("subject"), message.body) == ("dialog", "one two three", b"ab")


def test_the_examples_of_rfc_7616() -> None:
    """Section 3.9.1; the response of MD5 and of SHA-256."""
    for algorithm, wanted in (
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ):
        line = (
            'Digest realm="http-auth@example.org", qop="auth, auth-int", '
            f'algorithm={algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
            'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
        )
        challenge = digest.challenge(line, "Authorization")
        assert challenge is not None
        said = digest.credentials(
            challenge,
            "GET",
            "/dir/index.html",
            "Mufasa",
            "Circle of Life",
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        )
        assert digest.fields(said)["response"] == wanted  # type: ignore[index]
        assert digest.fields(said)["nc"] == "00000001"  # type: ignore[index]


def test_the_example_of_rfc_2617() -> None:
    challenge = digest.Challenge(
        "Authorization", "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth"
    )
    assert (
        digest.proof(
            challenge, "GET", "/dir/index.html", "Mufasa", "Circle Of Life", count=1, cnonce="0a4f113b"
        )
        == "6629fae49393a05397450978507c4ef1"
    )


@pytest.mark.parametrize(("algorithm", "name"), [("MD5-sess", "md5"), ("SHA-256-sess", "sha256")])
def test_a_session_is_hashed_as_rfc_7616_3_4_2_says(algorithm: str, name: str) -> None:
    def hashed(text: str) -> str:
        return hashlib.new(name, text.encode()).hexdigest()

    challenge = digest.Challenge("Authorization", "r", "n", algorithm, "auth")
    who = hashed(f"{hashed('u:r:p')}:n:c")
    wanted = hashed(f"{who}:n:00000002:c:auth:{hashed('SUBSCRIBE:sip:x')}")
    assert digest.proof(challenge, "SUBSCRIBE", "sip:x", "u", "p", count=2, cnonce="c") == wanted


@pytest.mark.parametrize(
    "line",
    [
        "Basic realm=x",
        'Digest realm="x"',
        'Digest realm="x", nonce="y", algorithm=SHA-512-256',
        'Digest realm="x", nonce="y", qop="auth-int"',
        'Digest realm="x" nonce="y" junk',
    ],
)
def test_a_challenge_that_cannot_be_met_is_none(line: str) -> None:
    assert digest.challenge(line, "Authorization") is None


def test_the_example_of_rfc_4235() -> None:
    """Section 6.1, with a phone that holds (section 4.1.6)."""
    info = dialog_info(
        b"""<?xml version="1.0"?>
        <dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="sip:alice@example.com">
          <dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" direction="initiator">
            <state event="rejected" code="486">terminated</state></dialog>
          <dialog id="b"><state>confirmed</state><local><identity>sip:alice@example.com</identity>
            <target uri="sip:alice@pc33"><param pname="+sip.rendering" pval="no"/></target></local></dialog>
        </dialog-info>"""
    )
    assert (info.version, info.full) == (1, True)
    assert info.dialogs == (
        Dialog("as7d900as8", "terminated", "initiator"),
        Dialog("b", "confirmed", "", held=True),
    )


DIALOGS = st.builds(
    Dialog,
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(
        lambda text: not {"￾", "￿"} & set(text)
    ),
    st.sampled_from(["trying", "proceeding", "early", "confirmed", "terminated"]),
    st.sampled_from(["", "initiator", "recipient"]),
    st.booleans(),
)


@given(st.integers(0, 10**9), st.booleans(), st.lists(DIALOGS, max_size=5).map(tuple))
def test_what_is_written_is_read(version: int, full: bool, dialogs: tuple[Dialog, ...]) -> None:
    info = DialogInfo(version, full, "sip:1001@pbx.example", dialogs)
    assert dialog_info(write_dialog_info(info)) == info


def test_asterisk_says_ringing_in_a_note() -> None:
    body = b"""<?xml version="1.0" encoding="UTF-8"?>
    <presence entity="sip:1001@192.0.2.1" xmlns="urn:ietf:params:xml:ns:pidf"
      xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid">
     <note>Ringing</note><tuple id="1001"><status><basic>open</basic></status><contact priority="1">sip:1001</contact></tuple>
     <dm:person><rpid:activities><rpid:busy/></rpid:activities></dm:person></presence>"""
    assert presence(body) == Presence(True, frozenset({"busy", "ringing"}))


@pytest.mark.parametrize("watch", [("1 2",), ("sip:a",), ("1009-1001",), ("10000-19999",), ("<x>@y",)])
def test_what_is_no_phone_is_refused(watch: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="watch: "):
        watched(watch)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("expires", 5.0),
        ("pace", 0),
        ("ping_every", 20.0),
        ("domain", "a b"),
        ("contact", "<x>"),
        ("events", ()),
        ("username", 'a"b'),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=key):
        SipSettings(**({"username": "wall", "watch": ("1001",)} | {key: value}))  # type: ignore[arg-type]
