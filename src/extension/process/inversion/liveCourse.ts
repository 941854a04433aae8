import { CourseRecorder, type LossCourse, type PhotoProgress } from "../../../engine/inversion";

/** Takes down the loss parts of the face at hand from its progress, so that its chart can be drawn while it is found. */
export class LiveCourse {
  #recorder = new CourseRecorder();
  #face = -1;
  #iteration = -1;

  /** Notes one step. @returns the course so far with a step that brings a preview, so that both are drawn as often. */
  add({ face, iteration, losses, preview }: PhotoProgress): LossCourse | undefined {
    if (face !== this.#face) {
      this.#face = face;
      this.#recorder = new CourseRecorder();
      this.#iteration = -1;
    }
    if (losses !== undefined && iteration !== this.#iteration) {
      // The work went back: what came after that step did not happen.
      if (iteration < this.#iteration) this.#recorder.backTo(iteration - 1);
      this.#iteration = iteration;
      this.#recorder.add(iteration, losses);
    }
    if (preview === undefined) return undefined;
    const course = this.#recorder.course();
    return course.iterations.length > 1 ? course : undefined;
  }
}
