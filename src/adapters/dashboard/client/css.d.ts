/** A style sheet's text: the server hands style sheets to modules that way. */
declare module "*.css" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: that is what the server makes of a style sheet
  export default text;
}
