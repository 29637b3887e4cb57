/**
 * Preloaded into a server that is measured: tells its parent what it has used, whenever it is asked,
 * and ends with it.
 * Plain JavaScript, so that it costs a bare server nothing.
 */
process.on("message", (question) => {
  if (question === "usage") {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    const { rss } = process.memoryUsage();
    process.send?.({ usage: { cpuMicros: user + system, rss, maxRss: maxRSS * 1024 } });
  }
});
process.once("disconnect", () => process.exit(1));
process.channel?.unref();
