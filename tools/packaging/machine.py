# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A copy of this machine in which packages are installed and removed, and which leaves no trace itself.

It is an overlay of the root file system, in memory, that only a process in a mount namespace of its own sees.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

# ROOT, UPPER and WORK are in a tmpfs, which a mount namespace of its own has. What follows stays alive until its input
# ends, as a namespace does until its last process.
_BEGIN = r"""
set -euo pipefail
top=$1 project=$2
mount -t tmpfs tmpfs "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
for folder in proc sys dev; do mount --rbind "/$folder" "$top/root/$folder"; done
mkdir -p "$top/root$project"
mount --bind "$project" "$top/root$project"
echo ready
exec cat
"""

# What a command may write wherever it runs, and what the package manager keeps of any package: its log and caches.
_BEYOND = ("tmp", "root", "var/tmp", "var/log", "var/cache")

# A file in the overlay is new if the machine has none; of a file that was removed the overlay keeps a device 0, 0.
_CHANGES = r"""
cd "$1/upper"
find . -mindepth 1 \( {beyond} \) -prune -o -type c -printf 'removed /%P\n' -o -printf '%P\n' |
  while IFS= read -r line; do
    case $line in
      removed*) printf '%s\n' "$line" ;;
      *) if ! [ -e "/$line" ] && ! [ -L "/$line" ]; then printf 'added /%s\n' "$line"; fi ;;
    esac
  done
"""


class Machine:
    """The copy, from `with` to its end. TOP is an empty folder; PROJECT can be read in the copy under the same path."""

    def __init__(self, top: Path, project: Path) -> None:
        self.top = top
        begin = ["unshare", "--mount", "--propagation=private", "bash", "-c", _BEGIN, "bash", str(top), str(project)]
        self.holder = subprocess.Popen(begin, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> Machine:
        assert self.holder.stdout and self.holder.stderr
        if self.holder.stdout.readline() != "ready\n":
            raise RuntimeError(f"no overlay of the root file system: {self.holder.stderr.read()}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.holder.communicate()

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        inside = ["nsenter", f"--target={self.holder.pid}", "--mount", *command]
        return subprocess.run(inside, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run SCRIPT in the copy, by a shell of a user who has set no variables."""
        shell = ["env", "--ignore-environment", "HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]
        return self._run(["chroot", str(self.top / "root"), *shell, "bash", "-euc", script])

    def changes(self) -> list[str]:
        """What the copy has and the machine has not, and the reverse, beyond logs, caches and files of no package."""
        beyond = " -o ".join(f"-path ./{folder}" for folder in _BEYOND)
        done = self._run(["bash", "-euc", _CHANGES.replace("{beyond}", beyond), "bash", str(self.top)])
        if done.returncode != 0:
            raise RuntimeError(done.stdout)
        return sorted(done.stdout.splitlines())
