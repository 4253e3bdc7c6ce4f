"""Do browsers play this file? Told from its container and its codecs, never from its name.

Source: what Chromium, Firefox and Safari document for HTML video; what only some of them play, or only with a
certain graphics card (HEVC), counts as not played.
"""

from __future__ import annotations

from pathlib import Path

from av.container import InputContainer

VIDEO_IN_MP4 = frozenset({"h264", "vp9", "av1"})
VIDEO_IN_WEBM = frozenset({"vp8", "vp9", "av1"})
SOUND_IN_MP4 = frozenset({"aac", "mp3", "opus", "flac"})
SOUND_IN_WEBM = frozenset({"opus", "vorbis"})
# Eight bits a sample and half the colours: the one layout of H.264 that everything decodes.
PLAYED_PIXELS = frozenset({"yuv420p", "yuvj420p"})
WEBM_MARK = b"webm"
# Names that people know, for codecs and containers that have others inside.
NAMES = {
    "hevc": "HEVC (H.265)",
    "h264": "H.264",
    "mpeg4": "MPEG-4 Part 2",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
    "matroska": "Matroska",
    "mpegts": "MPEG transport stream",
    "mpeg": "MPEG programme stream",
    "avi": "AVI",
    "ogg": "Ogg",
    "flv": "Flash video",
}


def why_not_played(container: InputContainer, form: str, path: Path) -> str:
    """Why browsers do not play the file, as a sentence; empty if they do. `form` is the container's name."""
    is_webm = form == "matroska" and _says_webm(path)
    if form != "mov" and not is_webm:
        return f"Browsers do not play {NAMES.get(form, form)} files."
    video, sound = (VIDEO_IN_WEBM, SOUND_IN_WEBM) if is_webm else (VIDEO_IN_MP4, SOUND_IN_MP4)
    picture = container.streams.video[0].codec_context
    if picture.name not in video and _plain(picture.name) not in video:
        return f"Not all browsers play {NAMES.get(picture.name, picture.name)} video."
    if picture.name == "h264" and picture.pix_fmt not in PLAYED_PIXELS:
        return f"Browsers do not play H.264 video with pixels of the kind {picture.pix_fmt}."
    for stream in container.streams.audio:
        name = stream.codec_context.name
        if _plain(name) not in sound:
            return f"Browsers do not play {name} sound in this kind of file."
    return ""


def _plain(decoder: str) -> str:
    """The codec of a decoder: `libdav1d` reads AV1, `mp3float` MP3, `libvpx-vp9` VP9."""
    names = {"libdav1d": "av1", "mp3float": "mp3", "libvpx-vp9": "vp9", "libvpx": "vp8", "libopus": "opus"}
    return names.get(decoder, decoder)


def _says_webm(path: Path) -> bool:
    with path.open("rb") as file:
        return WEBM_MARK in file.read(64)
