/**
 * Which arm of an experiment a subject is given, computed without asking the hub (see docs/allocation.md).
 *
 * No dependency. Runs wherever Web Crypto is: browsers, Node.js 20 and later, Deno, workers.
 *
 *     const { experiments } = await ask("{ experiments { code layer start share salt ramp holdout " +
 *                                       "arms { code weight isControl } } }");
 *     for (const experiment of experiments) {
 *         const allocation = await allocate(experiment, subject);   // null: does not take part
 *     }
 */

const MOST_CHARACTERS = 500;

/**
 * Return the subject's place in an experiment: {arm, isHoldout}, or null if it does not take part.
 *
 * @param {{layer: string, start: number, share: number, salt: string, ramp: number, holdout: number,
 *          arms: {code: string, weight: number}[]}} experiment as the field `experiments` answers it
 * @param {string} subject an opaque identifier of whoever is to see the content
 * @returns {Promise<{arm: string | null, isHoldout: boolean} | null>}
 * @throws {RangeError} the subject is no opaque identifier
 */
export async function allocate(experiment, subject) {
    checkSubject(subject);
    const place = await fraction(experiment.layer, subject);
    if (!(experiment.start <= place && place < experiment.start + experiment.share)) return null;
    if ((await fraction(`${experiment.salt}:holdout`, subject)) < experiment.holdout) {
        return { arm: null, isHoldout: true };
    }
    if (!((await fraction(`${experiment.salt}:ramp`, subject)) < experiment.ramp)) return null;
    return { arm: chooseArm(experiment.arms, await fraction(experiment.salt, subject)), isHoldout: false };
}

/** Return where a subject stands between 0 and 1: the first eight bytes of SHA-256, big-endian, over 2 to the 64. */
export async function fraction(salt, subject) {
    const bytes = new TextEncoder().encode(`${salt}:${subject}`);
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    return Number(new DataView(digest).getBigUint64(0)) / 2 ** 64;
}

function checkSubject(subject) {
    if (!subject.trim()) throw new RangeError("The subject is empty.");
    if (subject.includes("@") || subject.trimStart().startsWith("+")) {
        throw new RangeError("The subject looks like a mail address or a telephone number.");
    }
    if ([...subject].length > MOST_CHARACTERS) throw new RangeError(`The subject is longer than ${MOST_CHARACTERS}.`);
    if (/\p{Surrogate}/u.test(subject)) throw new RangeError("The subject holds half a character.");
}

function chooseArm(arms, point) {
    const byCode = [...arms].sort((one, other) => compareCodePoints(one.code, other.code));
    let end = 0;
    for (const arm of byCode) {
        end += arm.weight;
        if (point < end) return arm.code;
    }
    return byCode.filter((arm) => arm.weight > 0).at(-1).code;
}

/** Codes are made of small Latin letters, digits, - and _: UTF-16 units sort them as code points do. */
function compareCodePoints(one, other) {
    return one < other ? -1 : one > other ? 1 : 0;
}
