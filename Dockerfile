# API and page in one container: docker build -t hypothesis-finder .
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md container.lock ./
COPY app app
COPY agents agents
COPY physh physh
COPY retrieval retrieval
COPY tools tools
COPY prompts prompts
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement container.lock \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 finder \
    && install -d -o finder /data /cache
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HYPOFIND_PATHS__RUNS=/data/runs \
    HYPOFIND_PATHS__LIBRARY=/data/library \
    HYPOFIND_PATHS__MINING=/data/mining \
    HYPOFIND_PATHS__CACHE=/cache/hypothesis-finder \
    XDG_CACHE_HOME=/cache \
    HYPOFIND_SERVICE__HOST=0.0.0.0
USER finder
WORKDIR /home/finder
VOLUME ["/data", "/cache"]
EXPOSE 8000 8501
HEALTHCHECK --interval=30s --start-period=60s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
# Others can reach it, so it wants an API key: docker run … hypofind keys add NAME
CMD ["hypofind", "serve"]
