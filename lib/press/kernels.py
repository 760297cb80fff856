"""Kernels that start every time: sockets that no other kernel can be given, and a second try where a start fails.

Jupyter looks for free TCP ports, gives them up and lets the kernel take them; another process may be first. So a kernel
gets sockets in a private folder, or where there are none (Windows) ports that this process holds.
"""

import os
import random
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TypeVar

import zmq
from jupyter_client.kernelspec import NoSuchKernel

ATTEMPTS = 3  # starts of a kernel before it is given up
STARTUP = 60  # seconds until a kernel must have answered
PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
RANGE = range(20_000, 32_000, 1 + len(PORTS))  # blocks of a guard and five ports, below the system's own
HAS_IPC = os.name == "posix" and zmq.has("ipc")
Kernel = TypeVar("Kernel")


class KernelError(Exception):
    """A kernel could not be started; the message is one sentence that says whose kernel, and why."""


@contextmanager
def kernel(whose: str | Path, launch: Callable[[dict, IO], Kernel]) -> Iterator[Kernel]:
    """`launch(settings, stderr)`, tried again where its kernel dies or does not answer; its sockets last as long.

    `settings` are a `KernelManager`'s traits, `stderr` is where its process complains. `launch` raises what Jupyter
    raises for a kernel that did not come up. Raises KernelError after ATTEMPTS tries.
    """
    for _ in range(ATTEMPTS):
        with ExitStack() as held:
            settings = held.enter_context(sockets())
            stderr = held.enter_context(tempfile.TemporaryFile())
            try:
                running = launch(settings, stderr)
            except (RuntimeError, OSError, NoSuchKernel) as error:
                reason = "; its last words: ".join(filter(None, [str(error), last_line(stderr)]))
                continue
            yield running
            return
    raise KernelError(f"{whose}: its kernel could not be started in {ATTEMPTS} tries ({reason})")


def last_line(stderr: IO) -> str:
    """The last line that a kernel wrote to `stderr`, the message of its exception; empty where it wrote none."""
    stderr.seek(0)
    lines = stderr.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


@contextmanager
def sockets(ipc: bool = HAS_IPC) -> Iterator[dict]:
    """The settings of a `KernelManager` whose kernel shares its sockets with none, as long as the context lasts."""
    with ExitStack() as held:
        if ipc and (folder := _short_folder()):
            yield {"transport": "ipc", "ip": f"{held.enter_context(folder)}/k"}
        else:
            yield {"transport": "tcp", "cache_ports": False} | dict(zip(PORTS, held.enter_context(_ports())))


def _short_folder() -> tempfile.TemporaryDirectory | None:
    """A private folder for the sockets k-1 to k-5; None where the system allows no path as long as that."""
    for parent in (None, "/tmp"):
        if len(os.fsencode(f"{parent or tempfile.gettempdir()}/sb-12345678/k-5")) < zmq.IPC_PATH_MAX_LEN:
            return tempfile.TemporaryDirectory(prefix="sb-", dir=parent, ignore_cleanup_errors=True)
    return None


@contextmanager
def _ports() -> Iterator[tuple[int, ...]]:
    """Five free TCP ports. Whoever holds the port before them, the guard, may use them: the system gives it to one."""
    for first in random.SystemRandom().sample(RANGE, len(RANGE)):
        with socket.socket() as guard:
            ports = tuple(range(first + 1, first + 1 + len(PORTS)))
            try:
                guard.bind(("127.0.0.1", first))
                for port in ports:
                    with socket.socket() as probe:
                        probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            yield ports
            return
    raise KernelError("No free TCP ports were found on this machine")
