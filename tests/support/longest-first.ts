import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Browsers and whole servers take longest by far: begun last, one of them would keep a single processor busy at the end. */
const longest = ["/tests/e2e/", "/tests/scenarios/"];

const placeOf = ({ moduleId }: TestSpecification) => {
  const place = longest.findIndex((folder) => moduleId.includes(folder));
  return place < 0 ? longest.length : place;
};

/** The order in which files of tests are begun. Vitest wants a class. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
