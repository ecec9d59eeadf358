# The worker's image, and the image that prepares models.
#
#   docker build --target runtime --tag depeche:0.1.0 .             the worker, without torch, pip and model weights
#   docker build --target prepare --tag depeche-prepare:0.1.0 .     downloads and converts models; has torch
#
# One tag pins the base, and nothing is installed from Debian. A digest pins it harder:
# --build-arg BASE_IMAGE=python:3.11.14-slim-bookworm@sha256:…
ARG BASE_IMAGE=python:3.11.14-slim-bookworm

FROM ${BASE_IMAGE} AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# One file more, as requirements/cuda.txt, makes the worker's image one for NVIDIA cards.
ARG EXTRA_REQUIREMENTS=
COPY requirements requirements
# Without pip: what the base has installs into it from outside.
RUN python3 -m venv --without-pip /opt/depeche \
    && for file in requirements/image.txt ${EXTRA_REQUIREMENTS}; do \
        python3 -m pip --python /opt/depeche/bin/python install --quiet --require-hashes --only-binary :all: \
            --requirement "$file" || exit 1; \
    done
COPY pyproject.toml README.md LICENSE ./
COPY client client
COPY config config
COPY tasks tasks
COPY worker worker
RUN python3 -m pip --python /opt/depeche/bin/python install --quiet --no-deps ./client .
# numpy's own tests are never imported.
RUN find /opt/depeche/lib/python3*/site-packages/numpy -depth -type d -name tests -exec rm -r {} +
# Libraries that are looked for by these names alone: llama.cpp needs OpenMP's, which the base has not and CTranslate2's
# package has under another name; CTranslate2 needs NVIDIA's, where EXTRA_REQUIREMENTS brought them.
WORKDIR /opt/depeche/lib
ENV LD_LIBRARY_PATH=/opt/depeche/lib
RUN ln -s python3*/site-packages/ctranslate2.libs/libgomp-*.so* libgomp.so.1 \
    && for file in python3*/site-packages/nvidia/*/lib/*.so.*; do if [ -e "$file" ]; then ln -s "$file" .; fi; done \
    && /opt/depeche/bin/python -c "import ctranslate2, sentencepiece, tokenizers, xllamacpp"

FROM build AS prepare
WORKDIR /src
# For the standard profile torch, in its build without CUDA; an empty TORCH leaves it out. For the embedded one, weights.
ARG TORCH=torch==2.13.0
RUN /opt/depeche/bin/python -m ensurepip \
    && /opt/depeche/bin/python -m pip install --quiet --require-hashes --requirement requirements/embedded.txt \
    && if [ -n "${TORCH}" ]; then /opt/depeche/bin/python requirements/install_torch.py "${TORCH}"; fi
RUN groupadd --gid 10001 depeche \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin depeche \
    && install --directory --owner 10001 --group 10001 /models
# HOME: what the hub's client keeps beside the models is small, and gone with the container.
ENV PATH=/opt/depeche/bin:$PATH PYTHONUNBUFFERED=1 HOME=/tmp DEPECHE_MODEL_DIR=/models
USER 10001:10001
WORKDIR /models
CMD ["depeche-worker", "models", "prepare"]

# The last stage is what a build without --target makes.
FROM ${BASE_IMAGE} AS runtime
# The numbers are fixed, so that volumes and Kubernetes can name them. The base's pip goes: nothing is installed here.
RUN python3 -c "import ensurepip, pathlib, pip, shutil; \
        folders = {pathlib.Path(module.__file__).parents[1] for module in (pip, ensurepip)}; \
        names = ('pip', 'pip-*', 'setuptools', 'setuptools-*', 'wheel', 'wheel-*', 'ensurepip'); \
        [shutil.rmtree(path) for folder in folders for name in names for path in folder.glob(name)]" \
    && groupadd --gid 10001 depeche \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin depeche \
    && install --directory --owner 10001 --group 10001 /models
COPY --from=build /opt/depeche /opt/depeche
# The root file system may be read-only: bytecode was compiled in the build, and only /models and /tmp are written to.
ENV PATH=/opt/depeche/bin:$PATH LD_LIBRARY_PATH=/opt/depeche/lib PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp HF_HUB_OFFLINE=1 DEPECHE_MODEL_DIR=/models
USER 10001:10001
WORKDIR /models
# The worker drains on SIGTERM. In exec form it is process 1 and gets the signal itself; no tini stands before it, as it
# sets its own signal handlers and starts no processes that could be left as zombies.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=180s --retries=4 CMD ["depeche-worker", "health"]
CMD ["depeche-worker", "run"]
# At the end, as they change with each build.
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="depeche" \
    org.opencontainers.image.description="Worker that translates French articles into English and summarises them" \
    org.opencontainers.image.licenses="Apache-2.0 AND LicenseRef-Gemma" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
