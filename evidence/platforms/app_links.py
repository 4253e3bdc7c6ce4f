"""Links that only programs open (tg:, at:, twitter:), written as the web address of the same thing.

Sources: Telegram's interface documentation, "Deep links"; AT Protocol, "AT URI scheme".
"""

import re
from urllib.parse import parse_qsl

from evidence.platforms.post_times import instagram_shortcode

_APP_LINK = re.compile(
    r"(?P<scheme>tg|at|twitter|instagram|vnd\.youtube):(?://)?(?P<rest>[!-~]+)", re.IGNORECASE
)


def web_address(text: str) -> str | None:
    """The web address behind a program's own link; None for every other text, and for links to no post.

    A channel alone (tg://resolve?domain=name) has a web address as well.
    """
    found = _APP_LINK.fullmatch(text.strip())
    if found is None:
        return None
    path, _, query = found["rest"].partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    scheme = found["scheme"].lower()
    if scheme == "tg":
        return _telegram(path.strip("/").lower(), values)
    if scheme == "at":
        return _bluesky(path)
    if scheme == "twitter" and path.strip("/").lower() == "status":
        return _filled("https://x.com/i/status/{}", values.get("id"), r"\d{1,19}")
    if scheme == "vnd.youtube":
        return _filled("https://www.youtube.com/watch?v={}", path.strip("/"), r"[\w\-]{11}")
    media_id = re.match(r"\d{1,19}(?=_|$)", values.get("id", ""), re.ASCII)
    if scheme == "instagram" and path.strip("/").lower() == "media" and media_id is not None:
        return f"https://www.instagram.com/p/{instagram_shortcode(int(media_id[0]))}/"
    return None


def _telegram(verb: str, values: dict[str, str]) -> str | None:
    chat = None
    if verb == "resolve" and re.fullmatch(r"[A-Za-z]\w{2,31}", values.get("domain", ""), re.ASCII):
        chat = values["domain"]
    elif verb == "privatepost" and re.fullmatch(r"\d{1,20}", values.get("channel", ""), re.ASCII):
        chat = f"c/{values['channel']}"
    if chat is None:
        return None
    story, post = values.get("story", ""), values.get("post", "")
    if re.fullmatch(r"\d{1,20}", story, re.ASCII):
        return f"https://t.me/{chat}/s/{story}"
    if not re.fullmatch(r"\d{1,20}", post, re.ASCII):
        return f"https://t.me/{chat}" if verb == "resolve" else None
    kept = "&".join(
        f"{name}={values[name]}"
        for name in ("comment", "t")
        if re.fullmatch(r"[0-9hms]{1,12}", values.get(name, ""), re.ASCII)
    )
    return f"https://t.me/{chat}/{post}" + (f"?{kept}" if kept else "")


def _bluesky(path: str) -> str | None:
    found = re.fullmatch(
        r"(?P<who>[\w.:\-]{3,300})/app\.bsky\.feed\.post/(?P<key>[\w\-.~:]{1,512})", path, re.ASCII
    )
    return f"https://bsky.app/profile/{found['who']}/post/{found['key']}" if found else None


def _filled(pattern: str, value: str | None, allowed: str) -> str | None:
    return pattern.format(value) if value and re.fullmatch(allowed, value, re.ASCII) else None
