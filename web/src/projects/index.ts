export { NewProjectDialog, NewProjectForm } from "./ProjectDialogs";
export { ProjectMenu } from "./ProjectMenu";
