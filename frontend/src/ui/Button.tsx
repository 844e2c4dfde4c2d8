import type { ComponentProps, ReactNode } from 'react'
import { Spinner } from './signs'
import { Tip } from './Tip'

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'default' | 'ghost' | 'danger'
  size?: 'small' | 'medium' | 'large'
  icon?: ReactNode
  busy?: boolean
}

export function Button({
  variant = 'default',
  size = 'medium',
  icon,
  busy = false,
  children,
  disabled,
  className = '',
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${className}`}
      data-variant={variant}
      data-size={size}
      disabled={disabled === true || busy}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** What it does: its accessible name and its tip. */
  label: string
  icon: ReactNode
  keys?: string
}

export function IconButton({ label, icon, keys, variant = 'ghost', ...rest }: IconButtonProps) {
  const button = (
    <Button {...rest} variant={variant} icon={icon} aria-label={label} className="button--icon" />
  )
  return (
    <Tip text={label} {...(keys ? { keys } : {})}>
      {button}
    </Tip>
  )
}
