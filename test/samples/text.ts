/** Text that shows a wrong encoding, missing escapes and normalisation. */
export const DIFFICULT_TEXT = `"Zoë" o'Brien \\ 日本語 👩‍🚀 e\u0301 é \u202e %_$.{}\n\t`;
