/** A share from 0 to 1 as a length in CSS. */
export const percent = (share: number) => `${(share * 100).toFixed(3)}%`
