/** The engine process: the program behind dist/engine.js, forked by the extension host. */
import { EngineRequests } from "../../protocol/engine";
import { listDirections, saveDirection } from "./handlers/directions";
import { openModelPack } from "./handlers/model";
import { detect, invert } from "./handlers/photo";
import { hello } from "./handlers/process";
import { closeLatent, openLatent, render, saveLatent, savePicture } from "./handlers/studio";
import { connectToParent } from "./parent";
import { serve } from "./serve";
import { Workbench } from "./workbench";

const connection = connectToParent();
const workbench = new Workbench();

serve(connection, EngineRequests.hello, (parameters) => hello(workbench, parameters));
serve(connection, EngineRequests.openModel, (parameters) => openModelPack(workbench, parameters));
serve(connection, EngineRequests.listDirections, (parameters) => listDirections(workbench, parameters));
serve(connection, EngineRequests.detect, (parameters, call) => detect(workbench, parameters, call));
serve(connection, EngineRequests.invert, (parameters, call) => invert(workbench, parameters, call));
serve(connection, EngineRequests.openLatent, (parameters) => openLatent(workbench, parameters));
serve(connection, EngineRequests.render, (parameters) => render(workbench, parameters));
serve(connection, EngineRequests.saveLatent, (parameters) => saveLatent(workbench, parameters));
serve(connection, EngineRequests.savePicture, (parameters) => savePicture(workbench, parameters));
serve(connection, EngineRequests.saveDirection, (parameters) => saveDirection(workbench, parameters));
serve(connection, EngineRequests.closeLatent, (parameters) => closeLatent(workbench, parameters));

connection.listen();
