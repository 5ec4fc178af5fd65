// What the coding view uses of the library, and no more.
export { createRenderer, createTextAnnotator, rangeToSelector } from "@recogito/text-annotator";
