const LINE = { stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round", fill: "none" } as const;

function Sign({ of }: { of: string }) {
  return (
    <svg class="g" viewBox="0 0 24 24" aria-hidden="true">
      <path d={of} {...LINE} />
    </svg>
  );
}

export const UpSign = () => <Sign of="M12 20V4.5M5.5 11L12 4.5l6.5 6.5" />;
export const SnoozeSign = () => <Sign of="M4 5h7l-7 8h7M14 12h6l-6 7h6" />;
export const BellSign = () => <Sign of="M12 3a6 6 0 0 0-6 6v4.4L3.8 17h16.4L18 13.4V9a6 6 0 0 0-6-6zM9.6 20.4a2.6 2.6 0 0 0 4.8 0" />;
export const MuteSign = () => <Sign of="M12 3a6 6 0 0 0-6 6v4.4L3.8 17h16.4L18 13.4V9a6 6 0 0 0-6-6zM9.6 20.4a2.6 2.6 0 0 0 4.8 0M2.5 2.5l19 19" />;
export const SwapSign = () => <Sign of="M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4" />;
export const HomeSign = () => <Sign of="M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z" />;
export const CupSign = () => <Sign of="M4 9.5h12.5v6.3a4.7 4.7 0 0 1-4.7 4.7H8.7A4.7 4.7 0 0 1 4 15.8zM16.5 11h1.7a2.7 2.7 0 0 1 0 5.4h-1.7M8 3v3M12.6 3v3" />;
export const MapSign = () => <Sign of="M3 3h18v18H3zM3 12h7M14 3v7M14 15v6M14 15h7" />;
export const HelpSign = () => <Sign of="M3 4h18v13h-9l-5 4v-4H3zM12 7.5v4M12 14v.1" />;
