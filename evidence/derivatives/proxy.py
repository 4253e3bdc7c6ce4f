"""A viewing copy where browsers need one: VP9 and Opus in WebM, at most 720p, with the original's times.

Both encoders are under BSD licences and come with PyAV. In real-time mode VP9 is as fast here as x264.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from evidence.derivatives.base import MAX_PIXELS, Derivative, DerivativeReport, NotOpened
from evidence.derivatives.frames import square_size
from evidence.derivatives.opening import (
    DAMAGE,
    NO_FRAME,
    container_format,
    duration_seconds,
    opened,
    picture_track,
)
from evidence.derivatives.playable import why_not_played
from evidence.progress import Progress

LONG_SIDE_PX, SHORT_SIDE_PX = 1280, 720
MOST_FRAMES_A_SECOND = 60
MOST_BROKEN_PACKETS = 500
MOST_EARLY_FRAMES = 500
SOUND_RATE_HZ = 48_000
MILLISECONDS = Fraction(1, 1000)
MIME_TYPE = "video/webm"
VP9 = {
    "deadline": "realtime",
    "cpu-used": "8",
    "row-mt": "1",
    "crf": "34",
    "b": "2M",
    # A keyframe at least every so many frames, so that one can jump about in it.
    "g": "90",
}
CUT_SHORT = "The file is damaged or cut short: the viewing copy ends at {at_s:.1f} s."
TURNS: dict[int, list[tuple[str, str]]] = {
    90: [("transpose", "cclock")],
    -90: [("transpose", "clock")],
    180: [("hflip", ""), ("vflip", "")],
    -180: [("hflip", ""), ("vflip", "")],
}


def make_proxy(path: Path, outdir: Path, *, max_pixels: int = MAX_PIXELS) -> DerivativeReport:
    """Write ``proxy.webm`` into ``outdir`` where browsers do not play the original; else the report has none.

    Raises NotOpened when no frame can be decoded.
    """
    with opened(path) as container:
        stream = picture_track(container, max_pixels=max_pixels)
        lasts_s = duration_seconds(container, stream)
        why = why_not_played(container, container_format(path), path)
        if not why:
            return DerivativeReport((), None, None, lasts_s)
        outdir.mkdir(parents=True, exist_ok=True)
        target = outdir / "proxy.webm"
        # Its index goes to the front, so that playing starts before all of it is there.
        with av.open(str(target), "w", format="webm", options={"cues_to_front": "1"}) as output:
            copying = _Copying(container, stream, output, lasts_s)
            copying.run()
    if copying.picture is None:
        raise NotOpened(NO_FRAME)
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    width, height = copying.picture.width, copying.picture.height
    made = Derivative("proxy", target, MIME_TYPE, width, height, digest)
    warnings = (CUT_SHORT.format(at_s=copying.at_s),) if copying.is_cut_short else ()
    return DerivativeReport((made,), None, None, lasts_s, warnings=warnings, unplayable_why=why)


class _Copying:
    """One pass through the original: each frame of picture and sound decoded, scaled, and encoded again."""

    def __init__(
        self, container: InputContainer, stream: VideoStream, output: OutputContainer, lasts_s: float | None
    ) -> None:
        self.container, self.stream, self.output, self.lasts_s = container, stream, output, lasts_s
        self.progress = Progress()
        self.start_s = (container.start_time or 0) / av.time_base
        self.at_s = 0.0
        self.is_cut_short = False
        self.picture: VideoStream | None = None
        self.turn: Graph | None = None
        self.last_ms = -1
        self.sound: AudioStream | None = None
        self.resampler = AudioResampler(format="flt", layout="stereo", rate=SOUND_RATE_HZ)
        self.samples: int | None = None
        # Sound that comes before the first frame: the header of the copy has to name all of its tracks.
        self.early: list[AudioFrame] = []

    def run(self) -> None:
        sound = self.container.streams.audio[0] if self.container.streams.audio else None
        if sound is not None:
            self.sound = self._add_sound()
        try:
            for frame in self._decoded([self.stream, *([sound] if sound is not None else [])]):
                if isinstance(frame, VideoFrame):
                    self._add_picture(frame)
                elif isinstance(frame, AudioFrame):
                    self._add_samples(frame)
        except DAMAGE:
            self.is_cut_short = True
        if self.picture is None:
            return
        for track in (self.picture, self.sound):
            if track is not None and (track is self.picture or self.samples is not None):
                self.output.mux(track.encode(None))

    def _decoded(self, streams: list[Any]) -> Iterator[Any]:
        """Frames in the order of the file; a packet that cannot be decoded is left out, not the rest."""
        broken = 0
        for packet in self.container.demux(streams):
            frames: list[Any] = []
            with suppress(*DAMAGE):
                frames = list(packet.decode())
                broken = 0
            broken += not frames
            if broken > MOST_BROKEN_PACKETS:
                self.is_cut_short = True
                return
            yield from frames

    def _add_sound(self) -> AudioStream:
        sound = self.output.add_stream("libopus", rate=SOUND_RATE_HZ)
        assert isinstance(sound, AudioStream)  # noqa: S101  what add_stream gives for this codec
        sound.layout = "stereo"
        sound.bit_rate = 96_000
        return sound

    def _add_picture(self, frame: VideoFrame) -> None:
        if frame.pts is None:
            return
        self.at_s = frame.time - self.start_s
        at_ms = max(0, round(self.at_s * 1000))
        if self.last_ms >= 0 and at_ms - self.last_ms < 1000 / (MOST_FRAMES_A_SECOND + 1):
            return
        for shown in self._scaled(frame):
            if self.picture is None:
                self.picture = self._add_track(shown)
            shown.pts, shown.time_base = at_ms, MILLISECONDS
            self.output.mux(self.picture.encode(shown))
            self.last_ms = at_ms
            while self.early:
                self._mux_samples(self.early.pop(0))
        self.progress.say(self.at_s / self.lasts_s if self.lasts_s else 0.0)

    def _add_track(self, frame: VideoFrame) -> VideoStream:
        rate = self.stream.average_rate or Fraction(30)
        track = self.output.add_stream("libvpx-vp9", rate=min(rate, Fraction(MOST_FRAMES_A_SECOND)))
        assert isinstance(track, VideoStream)  # noqa: S101  what add_stream gives for this codec
        track.width, track.height, track.pix_fmt = frame.width, frame.height, "yuv420p"
        track.codec_context.time_base = MILLISECONDS
        track.codec_context.thread_count = 2
        track.options = {**VP9}
        return track

    def _scaled(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """The frame at its size in the copy, turned as the file asks; its size never changes on the way."""
        width, height = square_size(frame, self.stream)
        if self.picture is not None and not frame.rotation:
            width, height = self.picture.width, self.picture.height
        else:
            width, height = fitted_size(width, height)
        small = frame.reformat(width=width, height=height, format="yuv420p")
        steps = TURNS.get(frame.rotation)
        if steps is None:
            yield small
            return
        if self.turn is None:
            self.turn = _graph(small, steps)
        self.turn.push(small)
        turned = self.turn.pull()
        if isinstance(turned, VideoFrame):
            yield turned

    def _add_samples(self, frame: AudioFrame) -> None:
        if self.sound is None or frame.time is None:
            return
        at_s = frame.time - self.start_s
        if at_s < 0:
            return
        for piece in self.resampler.resample(frame):
            # The clock of the sound is its samples; where the file jumps, the copy jumps with it.
            if self.samples is None or abs(self.samples / SOUND_RATE_HZ - at_s) > 0.25:
                self.samples = round(at_s * SOUND_RATE_HZ)
            piece.pts, piece.time_base = self.samples, Fraction(1, SOUND_RATE_HZ)
            self.samples += piece.samples
            if self.picture is not None:
                self._mux_samples(piece)
            elif len(self.early) < MOST_EARLY_FRAMES:
                self.early.append(piece)

    def _mux_samples(self, piece: AudioFrame) -> None:
        if self.sound is not None:
            self.output.mux(self.sound.encode(piece))


def fitted_size(width: int, height: int) -> tuple[int, int]:
    """At most 1280 x 720 or 720 x 1280, never enlarged, both even."""
    long_side, short_side = max(width, height), min(width, height)
    scale = min(1.0, LONG_SIDE_PX / long_side, SHORT_SIDE_PX / short_side)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _graph(frame: VideoFrame, steps: list[tuple[str, str]]) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=MILLISECONDS
    )
    nodes = [source, *(graph.add(name, arguments) for name, arguments in steps), graph.add("buffersink")]
    graph.link_nodes(*nodes).configure()
    return graph
