import { useWorkWords } from "../i18n/work";
import { Queues } from "./Queues";
import { TaskList } from "./TaskList";
import { TaskPage } from "./TaskPage";
import styles from "./Tasks.module.css";

export { TaskList };

export default function TasksScreen({ project, task }: { project: string; task: string | null }) {
  const work = useWorkWords();
  if (task) return <TaskPage key={task} project={project} task={task} />;
  return (
    <div className={styles.page}>
      <h2 className={styles.title}>{work.tasks}</h2>
      <p className={styles.lead}>{work.lead}</p>
      <Queues project={project} />
      <div className={styles.narrow}>
        <TaskList project={project} current={null} />
      </div>
    </div>
  );
}
