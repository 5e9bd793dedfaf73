export { ProjectMenu } from "./ProjectMenu";
