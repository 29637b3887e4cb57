# Name the base image by its digest, so that nobody can exchange it (docs/security.md):
#   docker build --build-arg NODE_IMAGE=node:24-slim@sha256:... .
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY sandbox/package.json ./sandbox/
RUN npm ci --omit=dev

# The sources run as they are; bundled, they start in a third of the time and take less memory.
FROM dependencies AS bundle
RUN npm ci
COPY build ./build
COPY src ./src
RUN node build/bundle_service.ts

FROM ${NODE_IMAGE} AS base
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json plans.json LICENSE ./

# Stripe's stand-in for development and demos: docker build --target sandbox .
FROM base AS sandbox
COPY sandbox ./sandbox
USER node
ENV SANDBOX_HOST=0.0.0.0
EXPOSE 12111
CMD ["node", "sandbox/main.ts", "--public"]

FROM base AS service
COPY --from=bundle /app/dist/service ./dist/service
RUN mkdir /data && chown node:node /data
USER node
# What threads have freed is shared by two pools of memory, instead of eight for each core.
ENV HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself refuses all files but these, and starting programs, whatever a dependency tries. What a
# burst of requests leaves behind is collected after 4 MiB, and what outlives that once there is 60 % of
# what is alive, so that it does not stay as memory.
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=60", "--permission", "--allow-fs-read=/app", \
  "--allow-fs-read=/run/secrets", "--allow-fs-read=/data", "--allow-fs-write=/data", "dist/service/main.js"]
