/**
 * A tablet that dies: every fault point once on the page itself, some shifts drawn from seeds, and defects that must
 * not go by unseen. `make soak` runs hundreds.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { POINTS, run } from "../browser/crash.mjs";
import { template } from "../browser/ledger.mjs";

describe("a tablet that dies counts every respondent once", { concurrency: 2 }, () => {
  /** @type {Awaited<ReturnType<typeof template>>} */
  let it;
  before(async () => {
    it = await template();
  });
  after(() => it.remove());

  /** After these everything has happened that a tablet can die of. */
  const SHIFT = ["resident", "resident", "release", "resident", "undo", "resident", "leaves", "send", "shift"];
  for (const point of POINTS) {
    test(`on the page, ${point}`, async () => {
      assert.deepEqual((await run(it.data, { seed: 1, point, steps: SHIFT, buttons: true })).deaths, [point]);
    });
  }

  for (let seed = 1; seed <= 4; seed++) {
    test(`seed ${seed}`, () => run(it.data, { seed }));
  }

  /** Planted, at a point where it tells. @type {[import("./crash.mjs").Defect, string][]} */
  const DEFECTS = [
    ["forgets a respondent", "transaction: committed, the page has heard"],
    ["a new id for each try", "collector: killed after it wrote, the answer lost"],
    ["notes what was not acknowledged", "collector: killed before it has the post"],
  ];
  for (const [defect, point] of DEFECTS) {
    test(`a page that ${defect} is found out`, async () => {
      for (let seed = 1; seed <= 6; seed++) {
        const fault = await run(it.data, { seed, point, defect, steps: 16 }).then(() => undefined, (e) => e);
        if (!fault) continue;
        assert.match(fault.message, /lost: [1-9]|twice: \[\n?\+?\s+\d/, "found by something else");
        return;
      }
      assert.fail("not found in six shifts");
    });
  }
});
