# giot-server with the released bundles, and its clients giotctl and giot-vehicle.
#   docker build -f docker/server.Dockerfile -t giot-server --build-arg COMMIT=$(git rev-parse --short=12 HEAD) .
FROM debian:bookworm-slim AS build
COPY scripts/setup /src/scripts/setup
RUN /src/scripts/setup
COPY . /src
ARG COMMIT=unknown
RUN GIOT_CMAKE_ARGS="-DGIOT_COMMIT=$COMMIT -DGIOT_BUILD_TESTS=OFF -DGIOT_BUILD_BENCH=OFF" \
      /src/scripts/build release giot-server giotctl giot-vehicle \
 && for component in giot-server giotctl giot-vehicle models; do \
      cmake --install /src/build/release --component $component --prefix /opt/giot --strip; done

FROM debian:bookworm-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      libtorch1.13 libopenblas0-pthread libsodium23 libgrpc++1.51 libprotobuf32 libspdlog1.10 libabsl20220623 \
      libopencv-imgcodecs406 libopencv-videoio406 libopencv-dnn406 libsqlite3-0 libssl3 libcpp-httplib0.11 >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && useradd --system --no-create-home --shell /usr/sbin/nologin giot
COPY --from=build /opt/giot /usr/local
ARG VERSION=0.1.0
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="giot-server" \
      org.opencontainers.image.description="Certified contract menus for sensing vehicles, over gRPC" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
USER giot
EXPOSE 50051
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["giotctl", "--server=127.0.0.1:50051", "health"]
# The exec form: the server is process 1 and gets SIGTERM itself.
ENTRYPOINT ["giot-server"]
CMD ["--listen=0.0.0.0:50051", "--model_root=/usr/local/share/giot/models"]
