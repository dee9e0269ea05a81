# One image for the API and the workers; the command says which.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY constraints.txt ./
# The index is the public one; for a smaller image point PIP_EXTRA_INDEX_URL at an index with CPU builds of torch.
RUN /venv/bin/pip install --no-cache-dir -c constraints.txt torch
COPY pyproject.toml README.md LICENSE ./
COPY lexframe lexframe
COPY api api
COPY workers workers
COPY corpora corpora
COPY nlp nlp
COPY models models
RUN /venv/bin/pip install --no-cache-dir -c constraints.txt '.[otel,s3]'

FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /home/lexframe lexframe \
    && mkdir /data && chown lexframe: /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 LEXFRAME_DATA_DIR=/data LEXFRAME_LOG_FORMAT=json
USER lexframe
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=5 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
CMD ["lexframe", "serve", "--host", "0.0.0.0", "--port", "8080"]
