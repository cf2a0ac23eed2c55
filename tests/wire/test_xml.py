"""Bounded XML: what is read, and what is refused with words, whoever wrote it."""

import time
import xml.etree.ElementTree as Reference

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.wire import xml
from ccwall.wire.xml import Element, parse

DELIVERED = """<?xml version="1.0" encoding="UTF-8"?>
<DeliveredEvent xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4">
 <connection><callID>FF0001</callID><deviceID typeOfNumber="dialingNumber">302</deviceID></connection>
 <alertingDevice><deviceIdentifier>N&lt;302&gt;;noa=nk</deviceIdentifier></alertingDevice>
 <lastRedirectionDevice><notRequired/></lastRedirectionDevice>
 <cause>enteringDistribution</cause>
</DeliveredEvent>"""

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><lolz>&d;</lolz>"""


def test_a_document_is_read_by_local_names() -> None:
    event = parse(DELIVERED.encode())
    assert event.name == "DeliveredEvent"
    assert event.attributes["xmlns"].endswith("ed4")
    assert event.within("connection", "callID") == "FF0001"
    assert event.within("alertingDevice", "deviceIdentifier") == "N<302>;noa=nk"
    found = event.down("connection", "deviceID")
    assert found is not None
    assert found.attributes == {"typeOfNumber": "dialingNumber"}
    redirection = event.child("lastRedirectionDevice")
    assert redirection is not None
    assert redirection.child("notKnown", "notRequired") is not None
    assert event.within("connection", "nothing", "at", "all") == ""


@pytest.mark.parametrize(
    "written",
    [
        b'<Held xmlns="ed3"><callID id="1">7</callID></Held>',
        b'<c:Held xmlns:c="ed6"><c:callID c:id="1">7</c:callID></c:Held>',
        b'<nobody:Held><nobody:callID x:id="2" id="1"> 7\n</nobody:callID></nobody:Held>',
        '<?xml version="1.0" encoding="UTF-16"?><Held><callID id="1">7</callID></Held>'.encode("utf-16"),
        b"\xef\xbb\xbf<Held><callID id='1'><![CDATA[7]]></callID></Held>",
        b"<Held><!-- why --><callID id='&#49;'>&#x37;<?this is nothing?></callID></Held>",
    ],
)
def test_prefix_edition_and_encoding_make_no_difference(written: bytes) -> None:
    event = parse(written)
    assert (event.name, event.within("callID")) == ("Held", "7")
    assert event.children[0].attributes["id"] == "1"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (LAUGHS, "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://example.com/">]><a>&x;</a>', "document type"),
        (b"<a>&lol;</a>", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"<a>", "no well-formed XML"),
        (b"<a/><a/>", "no well-formed XML"),
        (b"<a>\x00</a>", "no well-formed XML"),
        (b"<a>\xff\xfe</a>", "no well-formed XML"),
        (b"Asterisk Call Manager/13.0.0\r\n", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="rot13"?><a/>', "rot13"),
        (b'<?xml version="1.0" encoding="gbk"?><a/>', "gbk"),
        (b"<a>" * 33 + b"</a>" * 33, "deeper than 32"),
        (b"<r>" + b"<a/>" * 5000 + b"</r>", "more than 4096 elements"),
        (b"<a " + b" ".join(b"n%d='1'" % n for n in range(65)) + b"/>", "more than 64 attributes"),
        (b"<a b='" + b"x" * 70000 + b"'/>", "no more than 65536"),
        (b"<a>" + b"x" * 70000 + b"</a>", "no more than 65536"),
    ],
)
def test_what_is_refused_says_why(written: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(written)


def test_the_limits_themselves_are_read() -> None:
    assert parse(b"<a>" * 32 + b"</a>" * 32).name == "a"
    assert len(parse(b"<r>" + b"<a/>" * 4095 + b"</r>").children) == 4095
    assert len(parse(b"<a " + b" ".join(b"n%d='1'" % n for n in range(64)) + b"/>").attributes) == 64
    assert len(parse(b"<a>" + b"x" * (xml.MOST - 7) + b"</a>").text) == xml.MOST - 7
    assert len(parse(b"<r><a/><a/></r>", elements=3).children) == 2


def test_laughs_cost_nothing() -> None:
    began = time.process_time()
    for _ in range(100):
        with pytest.raises(ValueError, match="document type"):
            parse(LAUGHS)
    assert time.process_time() - began < 5


@given(st.text(max_size=200))
def test_what_is_escaped_comes_back(text: str) -> None:
    written = xml.escaped(text)
    element = parse(f'<a b="{written}">{written}</a>'.encode())
    kept = "".join(sign for sign in text if (sign >= " " and sign not in "\ufffe\uffff") or sign in "\t\n\r")
    assert element.text == kept.replace("\r\n", "\n").replace("\r", "\n").strip()


NAMES = st.sampled_from(["a", "callID", "deviceIdentifier", "日本"])
DOCUMENTS = st.recursive(
    st.builds(Element, NAMES, st.dictionaries(NAMES, st.text("xyz <&>'\"中", max_size=9)), st.text("ab<&中")),
    lambda inner: st.builds(Element, NAMES, st.just({}), st.just(""), st.lists(inner, max_size=4)),
    max_leaves=20,
)


def written(element: Element) -> str:
    attributes = "".join(f' {name}="{xml.escaped(text)}"' for name, text in element.attributes.items())
    return (
        f"<{element.name}{attributes}>{xml.escaped(element.text)}"
        f"{''.join(map(written, element.children))}</{element.name}>"
    )


def as_reference(element: Reference.Element) -> Element:
    return Element(
        element.tag,
        dict(element.attrib),
        (element.text or "").strip(),
        [as_reference(child) for child in element],
    )


@given(DOCUMENTS)
def test_any_document_is_read_as_the_standard_library_reads_it(element: Element) -> None:
    document = written(element).encode()
    assert parse(document) == as_reference(Reference.fromstring(document)) == element


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse(data)
    except ValueError:
        pass


@given(st.integers(0, len(DELIVERED)), st.binary(max_size=4), st.integers(0, 8))
def test_a_damaged_document_is_read_or_refused(where: int, junk: bytes, gone: int) -> None:
    document = DELIVERED.encode()
    try:
        parse(document[:where] + junk + document[where + gone :])
    except ValueError:
        pass
