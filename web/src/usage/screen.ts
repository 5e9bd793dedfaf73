export { Bars } from "./Bars";
