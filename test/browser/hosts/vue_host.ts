import { createApp, h, shallowRef } from "vue";
import { BillingSettings } from "../../docs/examples/vue_page.ts";
import { host, place, session } from "./host_session.ts";

const current = shallowRef(session());
host.rerender = () => {
  current.value = session();
};
createApp({ render: () => h(BillingSettings, { session: current.value }) }).mount(place());
