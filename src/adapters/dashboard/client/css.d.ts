/** A style sheet's text: the server delivers style sheets to modules in this form. */
declare module "*.css" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: that is what the server makes of a style sheet
  export default text;
}
