# The worker's image with its models in it, for machines that have neither a volume for them nor a way to the hub.
# After docker compose build:
#
#   docker build --file deploy/with-models.Dockerfile --build-arg PROFILE=embedded --tag depeche:0.1.0-embedded .
#
# DEPECHE_TRANSLATION_MODEL and the like go into ENV in both stages, if not the default ones are wanted.
ARG TAG=0.1.0
FROM depeche-prepare:${TAG} AS models
ARG PROFILE=standard
ENV DEPECHE_PROFILE=${PROFILE}
RUN depeche-worker models prepare

FROM depeche:${TAG}
ARG PROFILE=standard
ENV DEPECHE_PROFILE=${PROFILE}
COPY --from=models /models /models
