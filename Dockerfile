# Parley with its sample bot. Your own: mount your bots.config.ts over /app/bots.config.ts (docs/deployment.md).
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY recommender/package.json recommender/
# Nothing needs a script of its own to be installed: binaries come with the packages.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && node scripts/image.mjs /app

FROM node:24-bookworm-slim
ENV NODE_ENV=production PARLEY_DATA=/data
COPY --from=build /app /app
RUN mkdir -m 700 /data && chown node:node /data
WORKDIR /app
USER node
VOLUME /data
EXPOSE 8080
# A process without a gateway answers here too, with --health-port 8080.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--max-semi-space-size=4", "--heap-growing-percent=50", "dist/cli/main.js"]
CMD ["start"]
