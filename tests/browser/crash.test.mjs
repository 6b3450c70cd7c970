/**
 * A tablet that dies: every fault point once on the page itself, some shifts drawn from seeds, and defects that must
 * not go by unseen. `make soak` runs hundreds.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { POINTS, run } from "./crash.mjs";
import { template } from "./ledger.mjs";

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

  const FIVE = Array(5).fill("resident");
  /** Planted, with a shift and a death that bring it out. @type {[import("./crash.mjs").Defect, string, string[], RegExp][]} */
  const DEFECTS = [
    ["forgets a respondent", "report: not yet copied", ["resident", "resident", "release"], /lost: 2/],
    ["a new id for each try", "collector: killed after it wrote, the answer lost", [...FIVE, "send"], /lost: -5/],
    ["notes what was not acknowledged", "collector: killed before it has the post", [...FIVE, "send"], /lost: 5/],
  ];
  for (const [defect, point, steps, found] of DEFECTS) {
    test(`a page that ${defect} is found out`, async () => {
      await assert.rejects(run(it.data, { seed: 1, point, defect, steps }), { message: found });
    });
  }
});
