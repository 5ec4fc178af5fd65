# The whole site in one image: granian serves the WSGI application, whitenoise the static files.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# Packages first: a change of our code leaves this layer as it is.
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/runtime.txt

COPY . .
# The key is for this one command; the static files do not depend on it. They stay in the image, so that a new
# image brings new ones.
RUN DATA_DIR=/app/build SECRET_KEY=for-collectstatic-alone python manage.py collectstatic --no-input \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin knowledge \
    && install -d -o knowledge /data

USER knowledge
ENV DATA_DIR=/data
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python", "scripts/healthcheck.py"]
ENTRYPOINT ["scripts/entrypoint"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "deterrence_kb.wsgi:application", \
     "--host", "0.0.0.0", "--port", "8000", "--workers", "1", "--blocking-threads", "4", \
     "--no-ws", "--workers-kill-timeout", "10", "--respawn-interval", "20"]
