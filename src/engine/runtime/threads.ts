import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/**
 * Threads worth giving to one operator: the physical cores that this process may use. Two threads on one core
 * only wait for each other's arithmetic unit.
 */
export function usableCores(): number {
  return Math.max(1, Math.min(physicalCores(), availableParallelism(), containerLimit()));
}

function physicalCores(): number {
  const text = readText("/proc/cpuinfo");
  const cores = new Set<string>();
  for (const block of text.split("\n\n")) {
    const socket = /^physical id\s*: (\d+)/m.exec(block)?.[1];
    const core = /^core id\s*: (\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}:${core}`);
  }
  return cores.size > 0 ? cores.size : availableParallelism();
}

/** Whole cores that the container's quota allows; infinite where there is none. */
function containerLimit(): number {
  const [quota, period] = readText("/sys/fs/cgroup/cpu.max").split(/\s+/);
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? Math.ceil(cores) : Infinity;
}

/** These files exist on Linux only; elsewhere there is nothing to learn from them. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
