export { DeleteProjectDialog, NewProjectDialog, NewProjectForm, RenameProjectDialog } from "./ProjectDialogs";
