"""The table of links, and what must hold for every link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.platforms import Link, RefusedLink, read_link, read_links
from evidence.platforms.lines import link_record
from tests.evidence.platforms.table import Row, read_table

TABLE = read_table()
GIVEN = [str(row["given"]) for row in TABLE]


def test_the_table_is_long_and_knows_every_platform() -> None:
    assert len(TABLE) >= 600
    assert len({row["platform"] for row in TABLE}) == 27


@pytest.mark.parametrize("row", TABLE, ids=GIVEN)
def test_a_link_reads_as_the_table_says(row: Row) -> None:
    record = link_record(read_link(str(row["given"])))
    assert {name: None if record[name] is None else str(record[name]) for name in row} == row


@pytest.mark.parametrize("row", TABLE, ids=GIVEN)
def test_a_canonical_link_reads_as_itself(row: Row) -> None:
    again = read_link(str(row["canonical"]))
    assert isinstance(again, Link)
    assert again.canonical == row["canonical"]
    assert (again.platform, again.post_id) == (row["platform"], row["post_id"])


@pytest.mark.parametrize("row", TABLE, ids=GIVEN)
def test_a_time_comes_with_its_precision_and_a_sentence(row: Row) -> None:
    record = link_record(read_link(str(row["given"])))
    known = record["posted_at"] is not None
    assert (record["precision_s"] is not None) is known
    assert (record["derivation"] is not None) is known
    assert not known or str(record["derivation"]).endswith(".")


def test_posts_of_one_platform_have_one_canonical_link_each() -> None:
    by_post: dict[tuple[str | None, str], set[str | None]] = {}
    for row in TABLE:
        if row["post_id"]:
            by_post.setdefault((row["platform"], row["post_id"]), set()).add(row["canonical"])
    several = {post: links for post, links in by_post.items() if len(links) > 1}
    # One id below two owners (Facebook, Odnoklassniki); a direct message and a server (Discord).
    assert {platform for platform, _ in several} <= {"facebook", "ok", "discord"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \ufeff ", "empty"),
        ("javascript:alert(1)", "scheme"),
        ("JaVaScRiPt:alert(1)", "scheme"),
        ("data:text/html,<b>", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/a", "scheme"),
        ("mailto:someone@example.org", "scheme"),
        ("tg://proxy?server=example.org&port=443", "scheme"),
        ("tg://resolve?domain=a%2Fb&post=43", "scheme"),
        ("at://did:plc:abcdefghijklmnop/app.bsky.graph.list/3jzfcijpj2z2a", "scheme"),
        ("vbscript:msgbox(1)", "scheme"),
        ("https://twitter.com%2F.evil.example/a/status/20", "host"),
        ("https://twitter.com%00.evil.example/a/status/20", "host"),
        ("https://twitter.com%40evil.example/a/status/20", "host"),
        ("https://twit\u200bter.com/a/status/20", "host"),
        ("https:\\\\twitter.com/a/status/20", "backslash"),
        ("https://twitter.com\t.evil.example/", "white_space"),
        ("https://x.com:443@evil.example/a/status/20", "credentials"),
        ("https://user:secret@example.org/", "credentials"),
        ("https://twitter.com@evil.example/", "credentials"),
        ("https://exa mple.org/", "white_space"),
        ("https://a.example/ https://b.example/", "white_space"),
        ("https://example.org/\x00", "control_character"),
        ("https://example.org/\ud800", "control_character"),
        ("https://example.org\\@evil.example/", "backslash"),
        ("https://", "host"),
        ("https:///path", "host"),
        ("https://exa%20mple.org/", "host"),
        ("https://-bad-.example/", "host"),
        ("https://a..example/", "host"),
        ("https://[::g]/", "host"),
        ("https://" + "a" * 64 + ".example/", "host"),
        ("https://example.org:99999/", "port"),
        ("https://example.org:port/", "port"),
        ("https:example.org", "malformed"),
        ("hello", "not_a_link"),
        ("39.821232, 46.758423", "white_space"),
        ("39.821232,46.758423", "not_a_link"),
        ("https://example.org/" + "a" * 9000, "too_long"),
    ],
)
def test_what_is_no_web_link_is_refused_with_a_sentence(text: str, code: str) -> None:
    refused = read_link(text)
    assert isinstance(refused, RefusedLink)
    assert refused.code == code
    assert refused.given == text
    assert refused.reason.endswith(".")


def test_a_leaving_page_does_not_lead_to_a_script() -> None:
    link = read_link("https://l.facebook.com/l.php?u=javascript%3Aalert(1)")
    assert isinstance(link, Link)
    assert link.platform == "facebook"
    assert link.canonical.startswith("https://l.facebook.com/")


def test_an_archive_of_something_that_is_no_link_stays_a_link_to_the_archive() -> None:
    link = read_link("https://web.archive.org/web/20230921054329/javascript:alert(1)")
    assert isinstance(link, Link)
    assert link.platform == "archive"
    assert link.archived_from is None


def test_a_chain_of_archives_without_end_ends() -> None:
    prefix = "https://web.archive.org/web/20230921054329/"
    assert isinstance(read_link(prefix * 100 + "https://example.org/"), Link)


def test_a_list_names_repetitions_and_passes_over_blank_lines() -> None:
    text = "https://x.com/a/status/1704733065673687175\n\n  \nnot a link\r\nhttps://twitter.com/A/status/1704733065673687175?s=20\n"
    lines = read_links(text)
    assert [(line.number, line.duplicate_of) for line in lines] == [(1, None), (4, None), (5, 1)]
    assert isinstance(lines[1].result, RefusedLink)


def test_two_archived_copies_of_one_post_are_not_repetitions() -> None:
    link = "https://web.archive.org/web/2023092105432{}/https://example.org/"
    lines = read_links("\n".join(link.format(digit) for digit in "121"))
    assert [line.duplicate_of for line in lines] == [None, None, 1]


@given(st.text())
def test_any_text_is_read_or_refused_without_an_exception(text: str) -> None:
    assert isinstance(read_link(text), Link | RefusedLink)


pieces = st.one_of(
    st.sampled_from(GIVEN),
    st.text(max_size=10),
    st.sampled_from(["/", "?", "#", "%", "&", "=", "..", ":", "@"]),
)


# What newsletters and apps add, and what each platform's own share buttons do.
added = st.sampled_from(
    ["utm_source=x", "fbclid=IwAR0", "gclid=a", "igshid=b", "mibextid=c", "ref_src=d", "__cft__[0]=A"]
)


@given(st.sampled_from([row for row in TABLE if row["post_id"] and "#" not in str(row["given"])]), added)
def test_tracking_parameters_never_change_what_is_read(row: Row, parameter: str) -> None:
    given_link = str(row["given"])
    if given_link.startswith("<") or "://" not in given_link or not given_link.startswith("http"):
        return
    # Within a copy's or a wrapper's address, what is added belongs to the original.
    link = read_link(f"{given_link}{'&' if '?' in given_link else '?'}{parameter}")
    assert isinstance(link, Link)
    assert (link.canonical, link.platform) == (row["canonical"], row["platform"])
    assert link.post_id == row["post_id"]


LOOK_ALIKES = [
    "{host}.evil.example",
    "evil-{host}",
    "{host}:8443",
    "evil.example/{host}",
    "evil.example?{host}",
    "evil.example#{host}",
    "xn--{host}",
    "{host}\u0131",
]


@pytest.mark.parametrize("host", ["x.com", "t.me", "youtube.com", "facebook.com", "vk.com", "ok.ru"])
@pytest.mark.parametrize("pattern", LOOK_ALIKES)
@pytest.mark.parametrize("path", ["/a_b/status/1704733065673687175", "/durov/43", "/watch?v=dQw4w9WgXcQ"])
def test_a_host_that_only_looks_like_a_platform_is_not_read_as_one(
    host: str, pattern: str, path: str
) -> None:
    link = read_link(f"https://{pattern.format(host=host)}{path}")
    assert isinstance(link, RefusedLink) or link.platform == "web"


@given(st.sampled_from(GIVEN), pieces, st.integers(0, 80))
def test_whatever_is_read_has_a_canonical_link_that_reads_as_itself(link: str, piece: str, at: int) -> None:
    first = read_link(link[:at] + piece + link[at:])
    if isinstance(first, Link):
        again = read_link(first.canonical)
        assert isinstance(again, Link)
        assert (again.canonical, again.platform) == (first.canonical, first.platform)
        assert first.canonical.isascii()
        assert first.canonical.startswith(("https://", "http://"))
