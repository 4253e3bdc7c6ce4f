"""Each limit is met by a real program that runs into it."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from evidence.sandbox import Failure, FailureReason, Success, Watch, run_limited

MIB = 1024 * 1024


def run(
    code: str,
    *,
    memory_bytes: int = 512 * MIB,
    cpu_seconds: int = 10,
    wall_seconds: float = 20,
    file_size_bytes: int = 8 * MIB,
    stdout_limit_bytes: int = MIB,
    watch: Watch | None = None,
) -> Success | Failure:
    return run_limited(
        [sys.executable, "-c", code],
        memory_bytes=memory_bytes,
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
        file_size_bytes=file_size_bytes,
        stdout_limit_bytes=stdout_limit_bytes,
        watch=watch,
    )


def is_alive(pid: int) -> bool:
    """A zombie that nobody has reaped yet is dead too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # gone before the open, or between the open and the read
        return False
    return state not in "ZX"


def wait_until_dead(pid: int) -> bool:
    deadline = time.monotonic() + 3
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_program_that_ends_well_gives_both_its_outputs() -> None:
    result = run("import sys; print('out'); print('aside', file=sys.stderr)")
    assert result == Success(stdout=b"out\n", stderr=b"aside\n")


def test_output_larger_than_a_pipe_arrives_whole() -> None:
    result = run("import sys; sys.stdout.write('x' * 900_000)")
    assert isinstance(result, Success)
    assert result.stdout == b"x" * 900_000


def test_a_memory_hog_is_refused_its_memory() -> None:
    result = run("x = bytearray(2 * 1024**3)", memory_bytes=256 * MIB)
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.memory
    assert "256 MiB" in result.sentence


def test_a_program_that_only_sleeps_is_stopped_at_the_deadline() -> None:
    started = time.monotonic()
    result = run("import time; print('began', flush=True); time.sleep(60)", wall_seconds=3.0)
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.timeout
    assert result.stdout == b"began\n"
    assert time.monotonic() - started < 20


def test_its_children_die_with_it_at_the_deadline() -> None:
    result = run(
        "import os, time\npid = os.fork()\nif pid: print(pid, flush=True)\ntime.sleep(60)", wall_seconds=3.0
    )
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.timeout
    assert wait_until_dead(int(result.stdout))


def test_a_child_left_behind_by_a_clean_exit_is_killed_and_does_not_hold_the_call() -> None:
    started = time.monotonic()
    result = run("import os, time\npid = os.fork()\nif pid: print(pid)\nelse: time.sleep(60)")
    assert isinstance(result, Success)
    assert time.monotonic() - started < 20
    assert wait_until_dead(int(result.stdout))


def test_a_spinning_program_is_stopped_by_processor_time() -> None:
    result = run("while True: pass", cpu_seconds=1)
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.cpu
    assert result.exit_code == -signal.SIGXCPU


def test_a_spinning_program_that_ignores_the_warning_is_killed_and_named_so() -> None:
    result = run(
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", cpu_seconds=1
    )
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.cpu
    assert result.exit_code == -signal.SIGKILL


def test_endless_output_is_cut_and_does_not_fill_memory() -> None:
    before = _resident_bytes()
    result = run("import sys\nwhile True: sys.stdout.write('y' * 65536)", stdout_limit_bytes=MIB)
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.output_too_large
    assert len(result.stdout) == MIB
    assert _resident_bytes() - before < 16 * MIB


def test_endless_complaints_keep_only_their_end() -> None:
    result = run("import sys\nsys.stderr.write('z' * 5_000_000 + 'last words'); sys.exit(4)")
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.exit_status
    assert result.stderr.endswith("last words")
    assert len(result.stderr) <= 64 * 1024


@pytest.mark.parametrize("restore", ["", "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); "])
def test_a_file_may_not_outgrow_its_limit(tmp_path: Path, restore: str) -> None:
    target = tmp_path / "big"
    result = run(
        f"{restore}open({str(target)!r}, 'wb', buffering=0).write(b'x' * 3_000_000); "
        f"open({str(target)!r}, 'ab', buffering=0).write(b'x')",
        file_size_bytes=MIB,
    )
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.output_too_large
    assert target.stat().st_size <= MIB


def test_a_missing_program_is_a_sentence() -> None:
    result = run_limited(
        ["/no/such/program"], memory_bytes=256 * MIB, cpu_seconds=2, wall_seconds=5, file_size_bytes=MIB
    )
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.exit_status
    assert result.sentence == (
        "The program could not be started: /no/such/program: No such file or directory."
    )


def test_a_status_of_its_own_comes_back_with_what_it_printed() -> None:
    result = run('print(\'{"error": "why"}\'); raise SystemExit(3)')
    assert isinstance(result, Failure)
    assert (result.reason, result.exit_code) == (FailureReason.exit_status, 3)
    assert result.stdout == b'{"error": "why"}\n'


def test_a_crash_is_told_apart_from_a_status() -> None:
    result = run("import os; os.abort()")
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.crashed
    assert "signal 6" in result.sentence


def test_the_size_of_the_caller_is_not_taken_for_that_of_the_program() -> None:
    ballast = bytearray(256 * MIB)
    ballast[::4096] = b"x" * (len(ballast) // 4096)  # touched, so that it is resident
    result = run("raise SystemExit(4)", memory_bytes=200 * MIB)
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.exit_status


def test_it_sees_no_secrets_no_input_and_no_core_dumps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "do-not-pass-on")
    result = run(
        "import os, resource, sys\n"
        "core = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "print('DATABASE_URL' in os.environ, repr(sys.stdin.read()), core)"
    )
    assert isinstance(result, Success)
    assert result.stdout == b"False '' (0, 0)\n"


def test_it_can_gain_no_privileges() -> None:
    result = run("print([l for l in open('/proc/self/status') if l.startswith('NoNewPrivs')])")
    assert isinstance(result, Success)
    assert b"\\t1\\n" in result.stdout


def test_it_keeps_the_identity_of_its_caller() -> None:
    result = run("import os; print(os.getuid(), os.getgid())")
    assert isinstance(result, Success)
    assert result.stdout.decode().split() == [str(os.getuid()), str(os.getgid())]


def test_the_package_is_importable_from_any_working_directory(tmp_path: Path) -> None:
    result = run_limited(
        [sys.executable, "-c", "import evidence.sandbox, os; print(os.getcwd())"],
        memory_bytes=512 * MIB,
        cpu_seconds=5,
        wall_seconds=10,
        file_size_bytes=MIB,
        cwd=tmp_path,
    )
    assert isinstance(result, Success)
    assert Path(result.stdout.decode().strip()) == tmp_path


SAYS = "import os, time\npipe = int(os.environ['PROGRESS_FD'])\n"


def test_a_program_that_is_watched_tells_how_far_it_is() -> None:
    heard: list[int] = []
    code = f"{SAYS}os.write(pipe, b'10\\n55\\n'); time.sleep(0.3); os.write(pipe, b'99\\n'); print('end')"
    result = run(code, watch=Watch(told=heard.append, silence_seconds=10))
    assert result == Success(stdout=b"end\n", stderr=b"")
    assert heard == [55, 99]


def test_what_is_no_percentage_is_not_passed_on_and_fills_no_memory() -> None:
    heard: list[int] = []
    code = f"{SAYS}os.write(pipe, b'x' * 50_000 + b'\\n-1\\n1e3\\n5000\\n\\n'); os.write(pipe, b'700\\n')"
    assert isinstance(run(code, watch=Watch(told=heard.append, silence_seconds=10)), Success)
    assert heard == [100]


def test_a_program_that_falls_silent_is_stopped_long_before_its_deadline() -> None:
    started = time.monotonic()
    result = run(
        f"{SAYS}os.write(pipe, b'1\\n'); time.sleep(60)",
        wall_seconds=50,
        watch=Watch(told=lambda percent: None, silence_seconds=2),
    )
    assert isinstance(result, Failure)
    assert result.reason is FailureReason.stalled
    assert result.sentence == "Reading the file made no progress for 2 s and was stopped."
    assert time.monotonic() - started < 20


def test_a_program_that_goes_on_telling_is_not_silent() -> None:
    code = f"{SAYS}for n in range(30): os.write(pipe, b'%d\\n' % n); time.sleep(0.1)"
    result = run(code, watch=Watch(told=lambda percent: None, silence_seconds=2))
    assert isinstance(result, Success)


def test_no_pipe_is_left_open_behind_a_watched_program() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        run("pass", watch=Watch(told=lambda percent: None, silence_seconds=10))
    assert len(os.listdir("/proc/self/fd")) == before


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
