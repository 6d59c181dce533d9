/** For the two places where Firefox differs and nothing else tells. */
export const IS_FIREFOX = / Firefox\//.test(navigator.userAgent);
