"""The compose file keeps its promises: it starts with nothing set, publishes nothing, and gives nobody too much."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.settings import PREFIX, SECRETS, Settings, load_settings
from tests.support.brokers import KAFKA_VERSION
from tests.support.compose import ROOT, VARIABLE, load, services, settings_of

OURS = ("migrate", "poller", "processor", "dispatcher")
ONE_SHOT = ("secrets", "migrate")
STANDING = ("kafka", "postgres", "poller", "processor", "dispatcher")
EXACT = re.compile(r"[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?")
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields} | {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}


@pytest.fixture(params=sorted(services()))
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each service in turn."""
    return services()[request.param]


def test_every_variable_has_a_default() -> None:
    """`docker compose up` works in a fresh clone: no variable is left empty when nothing is set."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert [match[1] for match in VARIABLE.finditer(text) if not match[2]] == []


def test_images_have_exact_versions(service: dict[str, Any]) -> None:
    """No tag that moves between major versions, and no digest that nobody here could have checked."""
    assert EXACT.fullmatch(service["image"]), service["image"]


def test_the_broker_is_the_one_that_is_tested() -> None:
    """The stack runs the version of Apache Kafka that the bus' tests run."""
    assert services()["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"


def test_no_service_may_do_more_than_it_must(service: dict[str, Any]) -> None:
    """No capabilities but the few that are named, no way to gain any, and bounds on memory, processor and processes."""
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert set(service.get("cap_add", [])) <= {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}
    assert service["mem_limit"]
    assert service["cpus"] <= 1, "more than one processor would be refused on a machine that has one"
    assert service["pids_limit"]


@pytest.mark.parametrize("name", OURS)
def test_our_own_services_have_no_capability_and_a_read_only_root(name: str) -> None:
    """They run as the image's user and write only to /tmp and to named volumes."""
    own = services()[name]
    assert own["read_only"] is True
    assert own["tmpfs"] == ["/tmp"]
    assert "cap_add" not in own
    assert "user" not in own
    for volume in own["volumes"]:
        source, _, rest = volume.partition(":")
        assert rest.endswith(":ro") or source in load()["volumes"], volume


def test_the_image_runs_as_a_plain_user() -> None:
    """The last USER of the Dockerfile is a number other than root's, so that a runtime can check it."""
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert users == ["10001:10001"]


def test_the_image_has_what_it_copies() -> None:
    """Every path that the Dockerfile copies from the repository is there, and .dockerignore lets it through."""
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    paths = [path for line in copies for path in line.split()]
    assert paths
    for path in paths:
        assert (ROOT / path).exists(), path
        assert f"!{path}" in allowed, path


def test_base_images_are_arguments() -> None:
    """A mirror or a stand-in can take the place of each base image, and both places name the same default."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    default = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", dockerfile, flags=re.MULTILINE)
    assert default
    assert EXACT.fullmatch(default[1])
    assert set(re.findall(r"^FROM (\S+)", dockerfile, flags=re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    assert services()["poller"]["build"]["args"]["PYTHON_IMAGE"] == default[1]
    swapped = services({"KAFKA_IMAGE": "mirror/kafka:1", "POSTGRES_IMAGE": "mirror/postgres:1"})
    assert swapped["kafka"]["image"] == "mirror/kafka:1"
    assert swapped["postgres"]["image"] == "mirror/postgres:1"


@pytest.mark.parametrize("name", STANDING)
def test_what_stands_is_watched_and_comes_back(name: str) -> None:
    """It has a health check, is started again when it ends, and gets time to stop."""
    standing = services()[name]
    assert standing["restart"] == "unless-stopped"
    assert standing["healthcheck"]["test"][0] == "CMD"
    assert standing["stop_grace_period"]


def test_a_stop_reaches_postgres() -> None:
    """It changes its user, so an init without the right to signal others would fail to stop it and crash it instead."""
    postgres = services()["postgres"]
    assert "SETUID" in postgres["cap_add"]
    assert "KILL" not in postgres["cap_add"]
    assert postgres["init"] is False
    assert postgres["stop_signal"] == "SIGINT"


@pytest.mark.parametrize("name", ONE_SHOT)
def test_what_runs_once_is_not_started_again(name: str) -> None:
    """A one-shot that failed stays failed, for people to see."""
    assert services()[name]["restart"] == "no"
    assert services()[name]["healthcheck"] == {"disable": True}


def test_each_waits_for_what_it_needs() -> None:
    """Nothing starts before its secrets, its tables and its broker are there."""
    done, healthy = "service_completed_successfully", "service_healthy"
    waits = {
        name: {other: rule["condition"] for other, rule in each["depends_on"].items()}
        for name, each in services().items()
        if "depends_on" in each
    }
    assert waits == {
        "postgres": {"secrets": done},
        "migrate": {"postgres": healthy},
        "poller": {"kafka": healthy, "migrate": done},
        "processor": {"kafka": healthy, "migrate": done},
        "dispatcher": {"migrate": done},
    }


def test_only_postgres_is_published_and_only_on_loopback() -> None:
    """People on this machine can ask the archive; nothing else, and nobody else, gets in."""
    published = {name: each["ports"] for name, each in services().items() if "ports" in each}
    assert published == {"postgres": ["127.0.0.1:5432:5432"]}


def test_the_processor_reaches_no_outside_and_can_be_scaled() -> None:
    """What reads strangers' text has no way out; no name or port of its own stands against a second one."""
    file = load()
    assert file["networks"]["inside"] == {"internal": True}
    assert file["services"]["processor"]["networks"] == ["inside"]
    assert file["services"]["kafka"]["networks"] == ["inside"]
    assert not {"container_name", "ports", "hostname"} & file["services"]["processor"].keys()


def test_volumes_stand_where_the_images_want_them() -> None:
    """Postgres 18 keeps its data below /var/lib/postgresql, Kafka where KAFKA_LOG_DIRS says."""
    both = services()
    assert "postgres-data:/var/lib/postgresql" in both["postgres"]["volumes"]
    data = both["kafka"]["environment"]["KAFKA_LOG_DIRS"]
    assert both["kafka"]["volumes"] == [f"kafka-data:{data}"]


def test_named_things_exist() -> None:
    """Every volume, network, secret and file that a service names is there."""
    file = load()
    for name, each in file["services"].items():
        assert set(each.get("networks", [])) <= file["networks"].keys(), name
        assert set(each.get("secrets", [])) <= file["secrets"].keys(), name
        for volume in each.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in file["volumes"] or (ROOT / source).is_dir(), f"{name}: {volume}"
    assert all((ROOT / each["file"]).is_file() for each in file["secrets"].values())


@pytest.mark.parametrize("name", OURS)
def test_every_setting_passed_is_one_we_have(name: str) -> None:
    """No variable that the program does not know reaches it, neither set nor passed on."""
    variables = services()[name]["environment"]
    assert {each for each in variables if each.startswith(PREFIX)} <= KNOWN
    assert [each for each in variables if not each.startswith(PREFIX)] == []


@pytest.mark.parametrize("name", OURS)
def test_the_program_takes_the_settings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of each service are valid, read with the secret files in place and no Slack token given."""
    (tmp_path / "watchdesk_password").write_text("made up", encoding="utf-8")
    (tmp_path / "slack_token").write_text("", encoding="utf-8")
    given = settings_of(services()[name])
    given[f"{PREFIX}CONFIG_DIR"] = str(ROOT / "monitor/templates")
    for variable, value in given.items():
        monkeypatch.setenv(variable, str(tmp_path / Path(value).name) if value.startswith("/run/secrets/") else value)
    warnings: list[str] = []
    settings = load_settings(warn=warnings.append)
    assert settings.slack_token is None
    assert settings.bus_url == "kafka://kafka:9092"
    assert settings.database_password is not None
    assert f":{settings.metrics_port}" not in str(services()[name].get("ports", ""))


def test_the_health_check_asks_the_port_that_is_served() -> None:
    """The port in the health check is the one in the settings."""
    poller = services()["poller"]
    assert f"'127.0.0.1', {poller['environment']['WATCHDESK_METRICS_PORT']}," in poller["healthcheck"]["test"][-1]
    assert "/healthz" in poller["healthcheck"]["test"][-1]


def test_the_default_configuration_is_the_built_in_one() -> None:
    """What is mounted when nothing is set holds the three files, and they are YAML."""
    source = services()["poller"]["volumes"][0].partition(":")[0]
    for file in ("topics.yaml", "entities.yaml", "sources.yaml"):
        yaml.safe_load((ROOT / source / file).read_text(encoding="utf-8"))


def test_what_can_be_set_is_documented() -> None:
    """docs/stack.md lists every variable that the compose file reads, and no other."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    passed_on = {
        name for each in services().values() for name, value in (each.get("environment") or {}).items() if value is None
    }
    read = {match[1] for match in VARIABLE.finditer(text)} | passed_on
    page = (ROOT / "docs/stack.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, flags=re.MULTILINE)) == read
