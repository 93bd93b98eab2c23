# The base is an argument so that a mirror or a digest of your own can be put in its place.
ARG PYTHON_IMAGE=python:3.13.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python3 -m venv /opt/build && python3 -m venv --without-pip /opt/watchdesk
# What changes seldom comes first: the layers above the code are built again only when a lock file changes.
COPY docker/build.lock requirements.lock ./
RUN /opt/build/bin/pip install --require-hashes --only-binary :all: -r build.lock \
 && /opt/build/bin/pip --python /opt/watchdesk/bin/python install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY monitor monitor
COPY connectors connectors
COPY migrations migrations
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
 && /opt/build/bin/pip --python /opt/watchdesk/bin/python install --no-deps --no-index /tmp/wheel/*.whl

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Watchdesk" org.opencontainers.image.licenses="Apache-2.0"
# A fixed number, so that whoever mounts files can tell which user must be able to read them.
RUN groupadd --gid 10001 watchdesk \
 && useradd --uid 10001 --gid 10001 --home-dir /var/lib/watchdesk --no-create-home --shell /usr/sbin/nologin watchdesk \
 && install --directory --owner=10001 --group=10001 /var/lib/watchdesk
COPY --from=build /opt/watchdesk /opt/watchdesk
COPY docker/make-secrets /opt/watchdesk/bin/make-secrets
ENV PATH=/opt/watchdesk/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    WATCHDESK_DATA_DIR=/var/lib/watchdesk WATCHDESK_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/watchdesk
ENTRYPOINT ["watchdesk"]
CMD ["--help"]
