# giot-trainer for CPU. Runs are written below /runs: mount a volume there.
#   docker build -f docker/trainer.Dockerfile -t giot-trainer --build-arg COMMIT=$(git rev-parse --short=12 HEAD) .
FROM debian:bookworm-slim AS build
COPY scripts/setup /src/scripts/setup
RUN /src/scripts/setup
COPY . /src
ARG COMMIT=unknown
RUN GIOT_CMAKE_ARGS="-DGIOT_COMMIT=$COMMIT -DGIOT_BUILD_TESTS=OFF" /src/scripts/build trainer giot-trainer \
 && for component in giot-trainer models; do \
      cmake --install /src/build/trainer --component $component --prefix /opt/giot --strip; done

FROM debian:bookworm-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      libtorch1.13 libopenblas0-pthread libsodium23 libabsl20220623 gnuplot-nox libopencv-dnn406 libopencv-features2d406 libopencv-videoio406 >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && useradd --system --no-create-home --shell /usr/sbin/nologin giot \
 && install -d -o giot -g giot /runs
COPY --from=build /opt/giot /usr/local
ARG VERSION=0.1.0
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="giot-trainer" \
      org.opencontainers.image.description="Trains, evaluates and exports diffusion policies that design contract menus" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
USER giot
WORKDIR /runs
VOLUME /runs
STOPSIGNAL SIGTERM
# The exec form: the trainer is process 1, and SIGTERM leaves a usable checkpoint.
ENTRYPOINT ["giot-trainer"]
CMD ["--help"]
