import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { BillingSettings } from "../../docs/examples/react_page.tsx";
import { host, place, session } from "./host_session.ts";

const root = createRoot(place());
host.rerender = () => root.render(createElement(BillingSettings, { session: session() }));
host.rerender();
