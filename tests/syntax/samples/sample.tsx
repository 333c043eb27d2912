import { Panel } from "./panel";

interface Props { title: string }

/** Shows ünïcode. */
export const Page = ({ title }: Props) => {
  return <Panel title={title}><span>é</span><Footer /></Panel>;
};

export default function App(): JSX.Element {
  return <Page title="x" />;
}
