/** How an SMS is sent: its alphabet and its parts (3GPP TS 23.038 and 23.040), as channels/sms.py counts them. */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

/** Return `{encoding, units, segments}` of a text. */
export function countSms(text) {
  const letters = [...text];
  const isGsm = letters.every((letter) => BASIC.has(letter) || EXTENDED.has(letter));
  const sizes = letters.map((letter) => (isGsm ? 1 + EXTENDED.has(letter) : letter.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [whole, part] = isGsm ? [160, 153] : [70, 67];
  return { encoding: isGsm ? "GSM-7" : "UCS-2", units, segments: units <= whole ? 1 : parts(sizes, part) };
}

/** No character is cut in two: what does not fit goes into the next part whole. */
function parts(sizes, room) {
  let [count, left] = [1, room];
  for (const size of sizes) {
    if (size > left) [count, left] = [count + 1, room];
    left -= size;
  }
  return count;
}
