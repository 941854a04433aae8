import { describe, expect, it } from "vitest";
import { COURSE_POINTS, CourseRecorder } from "../../../src/engine/inversion";

const parts = (iteration: number): { total: number; norm: number } => ({
  total: 1 / (iteration + 1),
  norm: iteration,
});

describe("CourseRecorder", () => {
  it("keeps every point of a short course", () => {
    const recorder = new CourseRecorder();
    for (let i = 0; i <= 100; i++) recorder.add(i, parts(i));
    const { iterations, losses } = recorder.course();
    expect(iterations).toEqual(Array.from({ length: 101 }, (_, i) => i));
    expect(losses["norm"]).toEqual(iterations);
  });

  it.each([199, 200, 201, 1501, 100_000])("thins a course of %i evenly and keeps both ends", (steps) => {
    const recorder = new CourseRecorder();
    for (let i = 0; i <= steps; i++) recorder.add(i, parts(i));
    const { iterations, losses } = recorder.course();
    expect(iterations.length).toBeLessThanOrEqual(COURSE_POINTS);
    expect(iterations.length).toBeGreaterThanOrEqual(COURSE_POINTS / 2);
    expect(iterations[0]).toBe(0);
    expect(iterations.at(-1)).toBe(steps);
    const gaps = new Set(iterations.slice(1, -1).map((iteration, i) => iteration - (iterations[i] ?? 0)));
    expect(gaps.size).toBe(1);
    expect(losses["total"]).toEqual(iterations.map((iteration) => parts(iteration).total));
  });

  it.each([
    [50, 900],
    [350, 900],
    [777, 900],
    [777, 780],
    [201, 203],
  ])("is the same course where it was interrupted after %i of %i", (stop, steps) => {
    const [whole, first] = [new CourseRecorder(), new CourseRecorder()];
    for (let i = 0; i <= steps; i++) whole.add(i, parts(i));
    for (let i = 0; i <= stop; i++) first.add(i, parts(i));
    const second = CourseRecorder.from(first.course(), first.spacing);
    for (let i = stop + 1; i <= steps; i++) second.add(i, parts(i));
    expect(second.course()).toEqual(whole.course());
  });

  it("forgets what is gone back from", () => {
    const recorder = new CourseRecorder();
    for (let i = 0; i <= 10; i++) recorder.add(i, parts(i));
    recorder.backTo(4);
    expect(recorder.course().iterations).toEqual([0, 1, 2, 3, 4]);
    recorder.add(5, { total: 9, norm: 9 });
    expect(recorder.course().losses["total"]?.at(-1)).toBe(9);
  });
});
