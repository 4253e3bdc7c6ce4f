# syntax=docker/dockerfile:1
# One image for web, worker and beat. Packages come through the same scripts as with `make run`.
FROM python:3.11-slim-bookworm AS base
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# GeoDjango loads these three; on one machine they come with PostGIS.
COPY scripts/install-packages scripts/
RUN scripts/install-packages libgdal32 libgeos-c1v5 libproj25 \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.lock ./
COPY scripts/install-python-packages scripts/find-python scripts/
RUN PYTHON=/usr/local/bin/python3 PIP_NO_CACHE_DIR=1 scripts/install-python-packages run

COPY . .
# These values exist only while the static files are collected; the running container gets its own.
RUN SECRET_KEY=only-while-building DATABASE_URL=postgis:///only-while-building STATIC_ROOT=/app/static-collected \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0

RUN useradd --system --uid 10001 --home-dir /data --create-home catalogue && install -d -o catalogue /data/tmp
USER catalogue
VOLUME /data
ENV DATA_DIR=/data STATIC_ROOT=/app/static-collected HOST=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["scripts/web"]
